"""What is kept of published content."""
from bootstrap import House

MANY = 70_000
"""More than a statement can have parameters (65,535): an article with 20,000 sections has as many texts."""


async def test_the_vectors_of_a_very_long_article_are_found_again(house: House) -> None:
    known = {"long:17": b"17", f"long:{MANY - 1}": b"last"}
    async with house.store.begin() as unit:
        await unit.contents.keep_vectors(known)
    async with house.store.begin() as unit:
        assert await unit.contents.vectors(f"long:{n}" for n in range(MANY)) == known


async def test_of_no_texts_there_are_no_vectors(house: House) -> None:
    async with house.store.begin() as unit:
        assert await unit.contents.vectors([]) == {}
