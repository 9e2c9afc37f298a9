"""What a form brings in by its number: pages, pictures and files that whoever sends it must be able to choose.

Wagtail's choosers offer only what an editor may choose, but take whatever number is sent.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import (
    Block,
    ListBlock,
    ListBlockValidationError,
    RichTextBlock,
    StreamBlock,
    StreamBlockValidationError,
    StructBlock,
)
from wagtail.blocks.base import BlockField
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, ReferenceIndex
from wagtail.rich_text import RichText, extract_references_from_rich_text

from core.permissions import choosable, known_pages
from users.models import User

# A kind of thing (pages, pictures, files), and the key of one as text.
Reference = tuple[type[Model], str]


def references(found: Iterable[tuple[Any, ...]]) -> set[Reference]:
    """Return what Wagtail found in a text or a block, as far as it is pages, pictures and files."""
    return {(kind, str(key)) for model, key, *_ in found if (kind := _kind(model))}


def _kind(model: type[Model]) -> type[Model] | None:
    kinds = (Page, get_image_model(), get_document_model())
    return next((kind for kind in kinds if issubclass(model, kind)), None)


def _words(refused: set[Reference]) -> list[str]:
    """Return what an editor reads of what was refused, beside the field."""
    said = {
        Page: "You may not use this page: not everyone can see it, and it is not yours. Choose another page.",
        get_image_model(): "You may not use this picture. Choose one from your own collections.",
        get_document_model(): "You may not use this file. Choose one from your own collections.",
    }
    return [words for kind, words in said.items() if any(each == kind for each, _ in refused)]


class OwnReferencesForm(WagtailAdminModelForm):
    """A form of the admin that brings in nothing which its editor may not choose.

    What the thing refers to already, in its newest draft or live, may stay. What is refused is said beside its field
    or block, and is not shown again: the screen would show its title or its picture.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user:
            self._offer_known_pages(self.for_user)

    def _offer_known_pages(self, user: User) -> None:
        """List in boxes to tick only pages that can be chosen, and those that are ticked."""
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelMultipleChoiceField) and issubclass(_listed(field).model, Page):
                ticked = [page.pk for page in self.initial.get(name) or []]
                known = known_pages(Page.objects.all(), user).order_by().values("pk")
                field.queryset = _listed(field).filter(Q(pk__in=known) | Q(pk__in=ticked))

    def full_clean(self) -> None:
        """Look at everything that was sent, and refuse what is new and not this editor's."""
        super().full_clean()
        if self.is_bound and self.for_user and not self.for_user.is_superuser:
            self._refuse(self._not_choosable(self.for_user))

    def _not_choosable(self, user: User) -> set[Reference]:
        """Return what was sent that is neither there already nor may be chosen."""
        sent, there = set(), set()
        for form in with_rows(self):
            for name in form.fields:
                sent |= field_references(form, name, _sent(form, name))
                there |= field_references(form, name, form.get_initial_for_field(form.fields[name], name))
        new = sent - there
        if new and self.instance.pk:
            new -= _live_references(self.instance)
        found = set()
        for kind in {kind for kind, _ in new}:
            keys = {key for each, key in new if each == kind}
            found |= {(kind, key) for key in keys - choosable(user, kind, keys)}
        return found

    def _refuse(self, refused: set[Reference]) -> None:
        for form in with_rows(self) if refused else []:
            for name in list(form.fields):
                if field_references(form, name, _sent(form, name)) & refused:
                    _refuse_field(form, name, refused)


def with_rows(form: Any) -> Iterator[Any]:
    """Yield a form and those of its rows, however deep, each of them cleaned."""
    yield form
    for formset in form.formsets.values():
        for row in formset.forms:
            if row.errors is not None:
                yield from with_rows(row)


def _sent(form: Any, name: str) -> Any:
    """Return what was sent for a field, right or wrong."""
    return form.cleaned_data[name] if name in form.cleaned_data else form[name].value()


def field_references(form: Any, name: str, value: Any) -> set[Reference]:
    """Return the pages, pictures and files that the value of a form's field names."""
    field = form.fields[name]
    if value in (None, ""):
        return set()
    if isinstance(field, BlockField):
        return references(field.block.extract_references(value))
    if isinstance(field, forms.ModelChoiceField):
        many = isinstance(field, forms.ModelMultipleChoiceField)
        return references((_listed(field).model, getattr(each, "pk", each)) for each in (value if many else [value]))
    extract = getattr(_model_field(form, name), "extract_references", None)
    return references(extract(value)) if extract else set()


def _listed(field: Any) -> QuerySet[Any]:
    """Return what a field can be chosen from."""
    found: QuerySet[Any] = field.queryset
    return found


def _model_field(form: Any, name: str) -> Any:
    try:
        return form.instance._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _live_references(instance: Model) -> set[Reference]:
    index = ReferenceIndex.get_references_for_object(instance).select_related("to_content_type")
    return references((each.to_content_type.model_class(), each.to_object_id) for each in index)


def _refuse_field(form: Any, name: str, refused: set[Reference]) -> None:
    """Say it beside the field, and show the field without it."""
    field, value = form.fields[name], _sent(form, name)
    error: ValidationError | None
    if isinstance(field, BlockField):
        error, value = without_refused(field.block, value, refused)
        # Wagtail shows the first error of blocks only.
        form.errors.pop(name, None)
    else:
        error = ValidationError(_words(field_references(form, name, value) & refused))
        if isinstance(field, forms.ModelMultipleChoiceField):
            value = [each for each in value if not field_references(form, name, [each]) & refused]
        elif isinstance(field, forms.ModelChoiceField):
            value = None
        else:
            value = _text_without(value, refused)
    form.add_error(name, error)
    field.bound_data = lambda data, initial: value


def without_refused(block: Block, value: Any, refused: set[Reference]) -> tuple[ValidationError | None, Any]:
    """Return what is to be said beside a block, and its value without what is refused."""
    if isinstance(block, StreamBlock):
        found = _bound_without(enumerate(value), refused)
        return (StreamBlockValidationError(block_errors=found) if found else None), value
    if isinstance(block, ListBlock):
        found = _bound_without(enumerate(value.bound_blocks), refused)
        return (ListBlockValidationError(block_errors=found) if found else None), value
    if isinstance(block, TypedTableBlock):
        return _table_without(value, refused), value
    if isinstance(block, StructBlock) and not isinstance(block, ImageBlock):
        errors: dict[Any, ValidationError] = {}
        for name, child in block.child_blocks.items():
            error, value[name] = without_refused(child, value[name], refused)
            if error:
                errors[name] = error
        return (StructBlockValidationError(block_errors=errors) if errors else None), value
    return _leaf_without(block, value, refused)


def _bound_without(children: Iterable[tuple[int, Any]], refused: set[Reference]) -> dict[int, ValidationError]:
    errors = {}
    for number, child in children:
        error, child.value = without_refused(child.block, child.value, refused)
        if error:
            errors[number] = error
    return errors


def _table_without(table: Any, refused: set[Reference]) -> ValidationError | None:
    errors: dict[int, dict[int, ValidationError]] = {}
    for y, row in enumerate(table.row_data):
        for x, column in enumerate(table.columns):
            error, row["values"][x] = without_refused(column["block"], row["values"][x], refused)
            if error:
                errors.setdefault(y, {})[x] = error
    return TypedTableBlockValidationError(cell_errors=errors) if errors else None


def _leaf_without(block: Block, value: Any, refused: set[Reference]) -> tuple[ValidationError | None, Any]:
    # A chooser that was left empty.
    found = references(block.extract_references(value)) & refused if value else set()
    if not found:
        return None, value
    error = ValidationError(_words(found))
    if isinstance(block, RichTextBlock):
        return error, RichText(_text_without(value.source, refused))
    if isinstance(block, ImageBlock):
        return StructBlockValidationError(block_errors={"image": error}), None
    return error, None


def _text_without(source: str, refused: set[Reference]) -> str:
    """Return a text as it is stored, with the words of links to what is refused and without its pictures."""
    soup = BeautifulSoup(source, "html.parser")
    for tag in soup.find_all(["a", "embed"]):
        if references(extract_references_from_rich_text(str(tag))) & refused:
            tag.unwrap()
    return str(soup)
