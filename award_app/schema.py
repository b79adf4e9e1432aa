"""Every model, imported: for migrations and for whoever needs the whole schema at once."""

import award_app.accounts.factors.models
import award_app.accounts.keeping.models
import award_app.accounts.models
import award_app.accounts.resetting.models
import award_app.announcement.models
import award_app.audit
import award_app.cycles.models
import award_app.nominations.models
import award_app.notifications.models
import award_app.panel.models
import award_app.reviews.models
import award_app.selection.models  # noqa: F401 - imported for what it declares
