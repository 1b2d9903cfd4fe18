"""The ledger: receipts of deliveries, acceptances and withdrawals, and how a person names a delivery."""
