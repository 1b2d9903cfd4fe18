"""Alerts: what someone is told of a night, kept in an outbox until it is sent; off until a settings file asks for it.

What is told is worked out by pure functions (`message`), written to the outbox, and then sent through each channel.
Nothing of it is a sender's: neither the name of a file nor a value of one.
"""
