"""The tables of what people come for: resources the bot may state, and the directory of organisations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bot.organisation import Standing, Visibility
from bot.store.base import Base, one_of

EMPTY_ARRAY = text("'{}'::text[]")


class ResourceRow(Base):
    """`content` is the resource as people see it; regions, places and themes are folded, to be compared.

    `search` is filled at loading; `digest` tells whether the resource must be loaded again.
    """

    __tablename__ = "resource"
    __table_args__ = (Index("ix_resource_search", "search", postgresql_using="gin"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    places: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    as_of: Mapped[date]
    valid_until: Mapped[date | None]
    closed: Mapped[bool] = mapped_column(server_default=false())
    content: Mapped[dict[str, Any]]
    search: Mapped[Any] = mapped_column(TSVECTOR)
    digest: Mapped[str]


class OrganisationRow(Base):
    """`created_by` registered it; who looks after it is in organisation_person. `merged_into`: its one entry now.

    Lists hold canonical values where the domain knows them. `logo_key`, `receipt_key`: pictures among the files.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("status", Standing),
        one_of("contact_visibility", Visibility),
        Index("ix_organisation_folded_name", "folded_name"),
        Index("ix_organisation_status_region", "status", "region"),
        Index("ix_organisation_themes", "themes", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    acronym: Mapped[str | None]
    legal_form: Mapped[str]
    region: Mapped[str]
    place: Mapped[str | None]
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    contact_name: Mapped[str | None]
    contact_role: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    description: Mapped[str | None]
    receipt_number: Mapped[str | None]
    addresses: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    social_pages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    members_range: Mapped[str | None]
    volunteers_range: Mapped[str | None]
    target_groups: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    capacities: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    connection: Mapped[str | None]
    logo_key: Mapped[str | None] = mapped_column(ForeignKey("file.key", ondelete="SET NULL"))
    receipt_key: Mapped[str | None] = mapped_column(ForeignKey("file.key", ondelete="SET NULL"))
    contact_visibility: Mapped[str] = mapped_column(server_default=Visibility.COORDINATORS)
    status: Mapped[str] = mapped_column(server_default=Standing.DECLARED)
    merged_into: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OrganisationChangeRow(Base):
    """One change of one field: of a project where `project_id` is set, else of the organisation itself.

    `before` and `after` are the column's values as JSON. `batch` names the import or merging it came with.
    """

    __tablename__ = "organisation_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    field: Mapped[str]
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    at: Mapped[datetime]
    batch: Mapped[str | None] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
