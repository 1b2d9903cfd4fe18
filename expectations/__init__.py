"""What is fit to publish: one Great Expectations suite for each published table."""
