"""Where records lie in JSON and XML, and the tables that they make."""
