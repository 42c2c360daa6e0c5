"""The PostgreSQL that comes in a wheel, run as a child of ours: its files, who it runs as, its socket, its life."""
