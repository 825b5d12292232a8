"""Who acts, in use cases that do not change a single pilot."""

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.programmes import load_programme, programme_keys
from pilotkit.db.queries.rows import lock
from pilotkit.domain.errors import Invalid, NotFound, message
from pilotkit.domain.permission import Action, check_permission
from pilotkit.domain.programme import Programme
from pilotkit.services.change import find_person


def acting(session: Session, programme: str, by: str | None, action: Action) -> tuple[Programme, str]:
    """The programme, and the actor as the audit names them, once it is clear that the actor may do this.

    The programme's row stays locked until the transaction ends: of two who add the same thing at once, the second one
    finds it there.

    Args:
        programme: The programme's key; the only one when empty.
        by: E-mail address; ``None`` means pilotkit itself.

    Raises:
        NotFound: There is no such programme or person.
        NotAllowed: The person may not do this.
    """
    lock(session, models.Programme, require_programme(session, programme).id)
    found = require_programme(session, programme)
    if by is None:
        return found, "pilotkit"
    person = find_person(found, by)
    check_permission(person, action)
    return found, f"person:{person.id}"


def require_programme(session: Session, key: str = "") -> Programme:
    """The programme with this key; without a key the only one there is.

    Raises:
        NotFound: There is none.
        Invalid: No key is given, and there are several.
    """
    keys = programme_keys(session)
    if not key and len(keys) > 1:
        raise Invalid(
            message("There are several programmes: {keys}.", keys=", ".join(keys)),
            message("Say which one: --programme KEY."),
        )
    wanted = key or next(iter(keys), "")
    programme = load_programme(session, wanted) if wanted else None
    if programme is None:
        raise NotFound(
            message("There is no programme {key}.", key=key[:60]) if key else message("There is no programme yet."),
            message("Load one with: pilotkit programme load FILE"),
        )
    return programme
