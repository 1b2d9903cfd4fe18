"""From a published figure back to the files and rows behind it."""
