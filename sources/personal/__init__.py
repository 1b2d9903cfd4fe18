"""Personal data: what nobody agreed to send is found, what is needed for linking is hashed under a key."""
