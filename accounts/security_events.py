"""What the security log says of accounts, beside signing in and out themselves."""

from core.security.log import register_security_action

INVITED = register_security_action("security.invited", "Invited", "Was sent an invitation")
INVITATION_ACCEPTED = register_security_action(
    "security.invitation_accepted", "Invitation accepted", "Chose a password with the link of the invitation"
)
RESET_ASKED = register_security_action(
    "security.reset_asked", "Link to a new password, by an administrator", "Had a link to choose a new password sent"
)
RESET_SENT = register_security_action(
    "security.reset_sent", "Link to a new password", "A link to choose a new password was sent"
)
RESET_USED = register_security_action(
    "security.reset_used", "Forgotten password", "Chose a new password with a link from an e-mail"
)
PASSWORD_CHANGED = register_security_action("security.password_changed", "Password changed", "Changed the password")
ADDRESS_CHANGED = register_security_action(
    "security.address_changed", "Sign-in address changed", "The sign-in address was changed"
)
LINK_PRINTED = register_security_action(
    "security.link_printed", "Link printed", "A link to choose a password was printed where the site runs"
)
FACTOR_ADDED = register_security_action(
    "security.second_factor_added", "Second step added", "Added a second step of signing in"
)
FACTOR_REMOVED = register_security_action(
    "security.second_factor_removed", "Second step removed", "Removed a second step of signing in"
)
FACTOR_RESET = register_security_action(
    "security.second_factor_reset", "Second step reset", "Reset the second step of signing in, and ended all sessions"
)
CODES_MADE = register_security_action(
    "security.recovery_codes_made", "New recovery codes", "Made new recovery codes; the old ones are gone"
)
CODE_USED = register_security_action("security.recovery_code_used", "Recovery code used", "Used a recovery code")
SESSIONS_ENDED = register_security_action("security.sessions_ended", "Sessions ended", "Signed out everywhere else")
SINGLE_SIGN_ON = register_security_action(
    "security.single_sign_on", "Single sign-on", "Came from the directory to sign in"
)
