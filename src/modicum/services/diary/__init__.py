"""The diary between a phone and a trial: what is handed in, where it belongs, what is answered, and what it adds up to.

Everything that is known of a trial is a fold over the events of its store (:mod:`modicum.services.diary.story`).
Nothing here knows Django, a clock or a network: the store, the time and chance are arguments.
"""

from modicum.services.diary.beginning import Beginning, begin
from modicum.services.diary.port import Store, StoredEvent, StoredReceipt
from modicum.services.diary.receiving import receipts_since, receive
from modicum.services.diary.schedule import Contacts, schedule_of
from modicum.services.diary.signing import Signer
from modicum.services.diary.story import Kept, Story, fold, told

__all__ = [
    "Beginning",
    "Contacts",
    "Kept",
    "Signer",
    "Store",
    "StoredEvent",
    "StoredReceipt",
    "Story",
    "begin",
    "fold",
    "receipts_since",
    "receive",
    "schedule_of",
    "told",
]
