"""How the system is deployed and kept: pools, automations, backups, versions, monitoring."""
