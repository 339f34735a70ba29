"""The pages of the staff: people, invitations, phones, staff and sites. What they may see is told by the accounts."""
