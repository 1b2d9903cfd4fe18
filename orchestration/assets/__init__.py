"""The assets, in the order of a row's way: deliveries, intake, ledger, models, release."""

WRITER_POOL = "warehouse_writer"
ENGINEERS = ["team:data-engineering"]
