/* SPDX-License-Identifier: ISC */
/* The parameters of BigBlueButton 3.0 that a tenant may rule, with type and calls (doc/bbb-api, 1.2, 1.3). */
#include "config.h"
#include "core/rule_table.h"

#include "base/name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define C    RULE_CREATE
#define J    RULE_JOIN
#define BOTH (RULE_CREATE | RULE_JOIN)

static const char *const guest_policies[] = {"ALWAYS_ACCEPT", "ALWAYS_DENY", "ASK_MODERATOR", NULL};
static const char *const layouts[] = {"CUSTOM_LAYOUT", "SMART_LAYOUT", "PRESENTATION_FOCUS", "VIDEO_FOCUS",
	"CAMERAS_ONLY", "PRESENTATION_ONLY", "PARTICIPANTS_AND_CHAT_ONLY", "MEDIA_ONLY", "UNIFIED_LAYOUT",
	NULL};
static const char *const roles[] = {"MODERATOR", "VIEWER", NULL};
static const char *const notes_editors[] = {"etherpad", "prosemirror", NULL};
static const char *const bridges[] = {"bbb-webrtc-sfu", "livekit", NULL};

static const struct rule_row rows[] = {
	{"allowModsToEjectCameras", RULE_BOOL, C, false, NULL},
	{"allowModsToUnmuteUsers", RULE_BOOL, C, false, NULL},
	{"allowOverrideClientSettingsOnCreateCall", RULE_BOOL, C, false, NULL},
	{"allowPromoteGuestToModerator", RULE_BOOL, C, false, NULL},
	{"allowRequestsWithoutSession", RULE_BOOL, C, false, NULL},
	{"allowStartStopRecording", RULE_BOOL, C, false, NULL},
	{"attendeePW", RULE_TEXT, C, false, NULL},
	{"audioBridge", RULE_ENUM, C, false, bridges},
	{"auth", RULE_BOOL, J, false, NULL},
	{"autoStartRecording", RULE_BOOL, C, false, NULL},
	{"avatarURL", RULE_URL, J, false, NULL},
	{"bannerColor", RULE_COLOUR, C, false, NULL},
	{"bannerText", RULE_TEXT, C, false, NULL},
	{"bot", RULE_BOOL, J, false, NULL},
	{"breakoutRoomsCaptureNotes", RULE_BOOL, C, false, NULL},
	{"breakoutRoomsCaptureNotesFilename", RULE_TEXT, C, false, NULL},
	{"breakoutRoomsCaptureSlides", RULE_BOOL, C, false, NULL},
	{"breakoutRoomsCaptureSlidesFilename", RULE_TEXT, C, false, NULL},
	{"breakoutRoomsPrivateChatEnabled", RULE_BOOL, C, false, NULL},
	{"breakoutRoomsRecord", RULE_BOOL, C, false, NULL},
	{"cameraBridge", RULE_ENUM, C, false, bridges},
	{"clientSettingsOverrideJsonUrl", RULE_URL, C, false, NULL},
	{"copyright", RULE_TEXT, C, false, NULL},
	{"darklogo", RULE_URL, C, false, NULL},
	{"defaultLayout", RULE_ENUM, J, false, layouts},
	{"dialNumber", RULE_TEXT, C, false, NULL},
	{"disabledFeatures", RULE_LIST, C, false, NULL},
	{"disabledFeaturesExclude", RULE_LIST, C, false, NULL},
	{"duration", RULE_NUMBER, C, true, NULL},
	{"endWhenNoModerator", RULE_BOOL, C, false, NULL},
	{"endWhenNoModeratorDelayInMinutes", RULE_NUMBER, C, false, NULL},
	{"enforceLayout", RULE_ENUM, J, false, layouts},
	{"errorRedirectUrl", RULE_URL, J, false, NULL},
	{"excludeFromDashboard", RULE_BOOL, J, false, NULL},
	{"freeJoin", RULE_BOOL, C, false, NULL},
	{"groups", RULE_TEXT, C, false, NULL},
	{"guest", RULE_BOOL, J, false, NULL},
	{"guestPolicy", RULE_ENUM, C, false, guest_policies},
	{"learningDashboardCleanupDelayInMinutes", RULE_NUMBER, C, false, NULL},
	{"learningDashboardEnabled", RULE_BOOL, C, false, NULL},
	{"lockSettingsDisableCam", RULE_BOOL, C, false, NULL},
	{"lockSettingsDisableMic", RULE_BOOL, C, false, NULL},
	{"lockSettingsDisableNotes", RULE_BOOL, C, false, NULL},
	{"lockSettingsDisablePrivateChat", RULE_BOOL, C, false, NULL},
	{"lockSettingsDisablePublicChat", RULE_BOOL, C, false, NULL},
	{"lockSettingsHideUserList", RULE_BOOL, C, false, NULL},
	{"lockSettingsHideViewersAnnotation", RULE_BOOL, C, false, NULL},
	{"lockSettingsHideViewersCursor", RULE_BOOL, C, false, NULL},
	{"lockSettingsLockOnJoin", RULE_BOOL, C, false, NULL},
	{"lockSettingsLockOnJoinConfigurable", RULE_BOOL, C, false, NULL},
	{"loginURL", RULE_URL, C, false, NULL},
	{"logo", RULE_URL, C, false, NULL},
	{"logoutTimer", RULE_NUMBER, C, false, NULL},
	{"logoutURL", RULE_URL, BOTH, false, NULL},
	{"maxNumPages", RULE_NUMBER, C, false, NULL},
	{"maxParticipants", RULE_NUMBER, C, true, NULL},
	{"maxPinnedCameras", RULE_NUMBER, C, false, NULL},
	{"meetingCameraCap", RULE_NUMBER, C, true, NULL},
	{"meetingEndedURL", RULE_URL, C, false, NULL},
	{"meetingExpireIfNoUserJoinedInMinutes", RULE_NUMBER, C, true, NULL},
	{"meetingExpireWhenLastUserLeftInMinutes", RULE_NUMBER, C, true, NULL},
	{"meetingKeepEvents", RULE_BOOL, C, false, NULL},
	{"meetingLayout", RULE_ENUM, C, false, layouts},
	{"moderatorOnlyMessage", RULE_TEXT, C, false, NULL},
	{"moderatorPW", RULE_TEXT, C, false, NULL},
	{"multiUserWhiteboardEnabled", RULE_BOOL, C, false, NULL},
	{"muteOnStart", RULE_BOOL, C, false, NULL},
	{"notifyRecordingIsOn", RULE_BOOL, C, false, NULL},
	{"pluginManifests", RULE_TEXT, C, false, NULL},
	{"pluginManifestsFetchUrl", RULE_URL, C, false, NULL},
	{"preUploadedPresentation", RULE_URL, C, false, NULL},
	{"preUploadedPresentationName", RULE_TEXT, C, false, NULL},
	{"preUploadedPresentationOverrideDefault", RULE_BOOL, C, false, NULL},
	{"presentationConversionCacheEnabled", RULE_BOOL, C, false, NULL},
	{"presentationUploadExternalDescription", RULE_TEXT, C, false, NULL},
	{"presentationUploadExternalUrl", RULE_URL, C, false, NULL},
	{"record", RULE_BOOL, C, false, NULL},
	{"recordFullDurationMedia", RULE_BOOL, C, false, NULL},
	{"redirect", RULE_BOOL, J, false, NULL},
	{"role", RULE_ENUM, J, false, roles},
	{"screenShareBridge", RULE_ENUM, C, false, bridges},
	{"sharedNotesEditor", RULE_ENUM, C, false, notes_editors},
	{"sharedNotesInitialContentJsonUrl", RULE_URL, C, false, NULL},
	{"sharedNotesInitialContentMarkdown", RULE_TEXT, C, false, NULL},
	{"sharedNotesInitialContentMarkdownUrl", RULE_URL, C, false, NULL},
	{"userCameraCap", RULE_NUMBER, C, true, NULL},
	{"voiceBridge", RULE_NUMBER, C, false, NULL},
	{"webVoice", RULE_TEXT, C, false, NULL},
	{"webVoiceConf", RULE_TEXT, J, false, NULL},
	{"webcamBackgroundURL", RULE_URL, J, false, NULL},
	{"webcamsOnlyForModerator", RULE_BOOL, C, false, NULL},
	{"welcome", RULE_TEXT, C, false, NULL},
	/* of the generic names, those with a type of their own */
	{"userdata-bbb_custom_style_url", RULE_URL, J, false, NULL},
	{"userdata-bbb_override_default_locale", RULE_LOCALE, J, false, NULL},
};

static const struct rule_row meta_row = {"meta_", RULE_TEXT, C, false, NULL};
static const struct rule_row userdata_row = {"userdata-", RULE_TEXT, J, false, NULL};

const struct rule_row *rule_row(size_t i)
{
	return i < ARRAY_SIZE(rows) ? &rows[i] : NULL;
}

const struct rule_row *rule_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	/* Names that bbb-web takes: doc/bbb-api, 3.6, and userdata- with what its clients use. */
	if (strncmp(name, "meta_", 5) == 0 && isalpha((unsigned char)name[5]) &&
		!name[5 +
			strspn(name + 5, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")])
		return &meta_row;
	if (strncmp(name, "userdata-", 9) == 0 && isalpha((unsigned char)name[9]) &&
		!name[9 +
			strspn(name + 9, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
		return &userdata_row;
	return NULL;
}

static bool is_colour(const char *s)
{
	size_t len = strlen(s);

	return *s == '#' && (len == 4 || len == 7) && !s[1 + strspn(s + 1, "0123456789abcdefABCDEF")];
}

/* BCP 47 in short: letters first, then parts of letters and digits. */
static bool is_locale(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return len >= 2 && len <= 3 && strlen(s) <= 35 && (!s[len] || s[len] == '-' || s[len] == '_') &&
	       !s[len + strspn(s + len, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")];
}

static bool is_choice(const char *const *choices, const char *value)
{
	for (; *choices; choices++)
		if (strcmp(*choices, value) == 0)
			return true;
	return false;
}

const char *rule_complaint(const struct rule_row *row, const char *value)
{
	switch (row->type) {
	case RULE_BOOL:
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? NULL
										 : "must be true or false";
	case RULE_NUMBER:
		return text_is_number(value, 9) ? NULL : "must be a whole number of up to nine digits";
	case RULE_COLOUR:
		return is_colour(value) ? NULL : "must be a colour such as #0f70d7";
	case RULE_LOCALE:
		return is_locale(value) ? NULL : "must be a locale such as de or pt-BR";
	case RULE_URL:
		return name_fits(NAME_ANY_URL, value) ? NULL : name_rule(NAME_ANY_URL);
	case RULE_ENUM:
		return is_choice(row->choices, value) ? NULL : "must be one of BigBlueButton's values for it";
	case RULE_LIST:
		return *value && !strchr(value, ' ') ? NULL
						     : "must be a list separated by commas, without blanks";
	case RULE_TEXT:
		break;
	}
	return NULL;
}
