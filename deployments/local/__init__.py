"""What `make up` consists of: processes on this machine, a pool, deployments."""
