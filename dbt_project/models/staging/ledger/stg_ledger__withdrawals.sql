with source as (select * from {{ source("ledger", "withdrawals") }}),

of_receipts as (
    select
        withdrawal_number,
        after_receipt_number,
        cast(withdrawn_at as timestamp) as withdrawn_at,
        reason,
        is_erasure,
        {{ each_element("receipt_numbers") }} as receipt_number
    from source
)

-- A delivery that was withdrawn can be erased later: no figure counts it from the first of the two on.
select
    receipt_number,
    min(withdrawal_number) as withdrawal_number,
    min(after_receipt_number) as after_receipt_number,
    min(withdrawn_at) as withdrawn_at,
    min_by(reason, withdrawal_number) as reason,
    bool_or(is_erasure) as is_erased,
    min(case when is_erasure then withdrawn_at end) as erased_at,
    min_by(reason, case when is_erasure then withdrawal_number end) as erasure_reason
from of_receipts
group by receipt_number
