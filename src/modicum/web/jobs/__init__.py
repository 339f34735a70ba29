"""Jobs: what the clinic does off the path of every request, in a process of its own.

There are two queues, in the database, and one worker for each at a time:

| queue | what | needs |
|---|---|---|
| sealed | reviews, doses that they choose, answers of trials that are over | the review key |
| default | what people ask for, backups, tidying | no key |

Anything that takes long is asked for as ``@task`` of ``django_tasks`` and ``.enqueue(...)``: it is then in the default
queue, and what it returns (JSON values) is read by ``.get_result(id)``.
"""
