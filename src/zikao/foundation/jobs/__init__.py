"""Work done later: the queue (procrastinate), its workers, and the caretaker that looks after the node.

A task is queued in the transaction of the command that wants it, so it exists exactly when the change does. Tasks
are idempotent: a worker may be killed after the work and before it says so, and the reaper then gives the job to
another. `python -m zikao.foundation.jobs worker` works the queue; `... caretaker` sequences the ledger, delivers the
outbox and takes back the jobs of dead workers. Work that a person waits for has a record: see `working`.
"""
