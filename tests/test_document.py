from ai_data_engineer.document import Document


class Marks(Document):
    quote: str | None = '"'
    note: str | None = None


class Table(Document):
    marks: Marks


def test_none_is_left_out_only_where_it_is_the_default():
    assert Table(marks=Marks(quote=None)).to_dict() == {"marks": {"quote": None}}


def test_a_document_comes_back_equal_from_its_json():
    table = Table(marks=Marks(quote=None, note=None))
    assert Table.from_json(table.to_json()) == table


def test_the_digest_does_not_depend_on_the_order_of_fields_and_sees_every_value():
    table = Table(marks=Marks(quote=None))
    assert table.content_digest() == Table.from_json('{"marks": {"quote": null}}').content_digest()
    assert table.content_digest() != Table(marks=Marks()).content_digest()


def test_the_json_schema_for_serialization_keeps_the_fields():
    assert set(Marks.model_json_schema(mode="serialization")["properties"]) == {"quote", "note"}
