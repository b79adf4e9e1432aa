"""What a form held when it came too late for its session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from award_app.db import Base


class KeptForm(Base):
    """For the person of the session that had ended, and for nobody else: offered again on its page, in its fields."""

    __tablename__ = "kept_form"
    __table_args__ = (Index("ix_kept_form_person_id_path", "person_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str]  # of the page that shows the form
    action: Mapped[str]  # where the form is sent to: once it was, there is nothing to offer any more
    fields: Mapped[list[Any]]  # [name, value] as they were sent, without passwords and tokens
    at: Mapped[datetime]
