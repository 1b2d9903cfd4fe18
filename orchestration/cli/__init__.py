"""`csp`: the command line. It prints; what is done is done by the packages that it calls."""
