"""`make translations`: brings every catalogue up to the code, compiles it, and says what waits for a translator."""

from __future__ import annotations

from award_app.translations import catalogue


def main() -> None:
    for language in catalogue.languages():
        found = catalogue.update(language)
        catalogue.write(language, found)
        waiting = [message for message in found if message.id and not _answered(message.string)]
        print(f"{language}: {len(found)} messages, {len(waiting)} not translated yet")
        for message in waiting:
            print(f"  {message.locations[0][0] if message.locations else ''}: {message.id!r}")


def _answered(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


if __name__ == "__main__":
    main()
