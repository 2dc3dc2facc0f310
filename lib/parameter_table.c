/* SPDX-License-Identifier: ISC */
/* The parameters of BigBlueButton 3.0 that a tenant may rule, with type and calls (bbb-api.md 1.2, 1.3). */
#include "config.h"
#include "parameter_table.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define C    PARAMETER_CREATE
#define J    PARAMETER_JOIN
#define BOTH (PARAMETER_CREATE | PARAMETER_JOIN)

static const char *const guest_policies[] = {"ALWAYS_ACCEPT", "ALWAYS_DENY", "ASK_MODERATOR", NULL};
static const char *const layouts[] = {"CUSTOM_LAYOUT", "SMART_LAYOUT", "PRESENTATION_FOCUS", "VIDEO_FOCUS",
	"CAMERAS_ONLY", "PRESENTATION_ONLY", "PARTICIPANTS_AND_CHAT_ONLY", "MEDIA_ONLY", "UNIFIED_LAYOUT",
	NULL};
static const char *const roles[] = {"MODERATOR", "VIEWER", NULL};
static const char *const notes_editors[] = {"etherpad", "prosemirror", NULL};
static const char *const bridges[] = {"bbb-webrtc-sfu", "livekit", NULL};

static const struct parameter_row rows[] = {
	{"allowModsToEjectCameras", PARAMETER_BOOL, C, false, NULL},
	{"allowModsToUnmuteUsers", PARAMETER_BOOL, C, false, NULL},
	{"allowOverrideClientSettingsOnCreateCall", PARAMETER_BOOL, C, false, NULL},
	{"allowPromoteGuestToModerator", PARAMETER_BOOL, C, false, NULL},
	{"allowRequestsWithoutSession", PARAMETER_BOOL, C, false, NULL},
	{"allowStartStopRecording", PARAMETER_BOOL, C, false, NULL},
	{"attendeePW", PARAMETER_TEXT, C, false, NULL},
	{"audioBridge", PARAMETER_ENUM, C, false, bridges},
	{"auth", PARAMETER_BOOL, J, false, NULL},
	{"autoStartRecording", PARAMETER_BOOL, C, false, NULL},
	{"avatarURL", PARAMETER_URL, J, false, NULL},
	{"bannerColor", PARAMETER_COLOUR, C, false, NULL},
	{"bannerText", PARAMETER_TEXT, C, false, NULL},
	{"bot", PARAMETER_BOOL, J, false, NULL},
	{"breakoutRoomsCaptureNotes", PARAMETER_BOOL, C, false, NULL},
	{"breakoutRoomsCaptureNotesFilename", PARAMETER_TEXT, C, false, NULL},
	{"breakoutRoomsCaptureSlides", PARAMETER_BOOL, C, false, NULL},
	{"breakoutRoomsCaptureSlidesFilename", PARAMETER_TEXT, C, false, NULL},
	{"breakoutRoomsPrivateChatEnabled", PARAMETER_BOOL, C, false, NULL},
	{"breakoutRoomsRecord", PARAMETER_BOOL, C, false, NULL},
	{"cameraBridge", PARAMETER_ENUM, C, false, bridges},
	{"clientSettingsOverrideJsonUrl", PARAMETER_URL, C, false, NULL},
	{"copyright", PARAMETER_TEXT, C, false, NULL},
	{"darklogo", PARAMETER_URL, C, false, NULL},
	{"defaultLayout", PARAMETER_ENUM, J, false, layouts},
	{"dialNumber", PARAMETER_TEXT, C, false, NULL},
	{"disabledFeatures", PARAMETER_LIST, C, false, NULL},
	{"disabledFeaturesExclude", PARAMETER_LIST, C, false, NULL},
	{"duration", PARAMETER_NUMBER, C, true, NULL},
	{"endWhenNoModerator", PARAMETER_BOOL, C, false, NULL},
	{"endWhenNoModeratorDelayInMinutes", PARAMETER_NUMBER, C, false, NULL},
	{"enforceLayout", PARAMETER_ENUM, J, false, layouts},
	{"errorRedirectUrl", PARAMETER_URL, J, false, NULL},
	{"excludeFromDashboard", PARAMETER_BOOL, J, false, NULL},
	{"freeJoin", PARAMETER_BOOL, C, false, NULL},
	{"groups", PARAMETER_TEXT, C, false, NULL},
	{"guest", PARAMETER_BOOL, J, false, NULL},
	{"guestPolicy", PARAMETER_ENUM, C, false, guest_policies},
	{"learningDashboardCleanupDelayInMinutes", PARAMETER_NUMBER, C, false, NULL},
	{"learningDashboardEnabled", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsDisableCam", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsDisableMic", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsDisableNotes", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsDisablePrivateChat", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsDisablePublicChat", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsHideUserList", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsHideViewersAnnotation", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsHideViewersCursor", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsLockOnJoin", PARAMETER_BOOL, C, false, NULL},
	{"lockSettingsLockOnJoinConfigurable", PARAMETER_BOOL, C, false, NULL},
	{"loginURL", PARAMETER_URL, C, false, NULL},
	{"logo", PARAMETER_URL, C, false, NULL},
	{"logoutTimer", PARAMETER_NUMBER, C, false, NULL},
	{"logoutURL", PARAMETER_URL, BOTH, false, NULL},
	{"maxNumPages", PARAMETER_NUMBER, C, false, NULL},
	{"maxParticipants", PARAMETER_NUMBER, C, true, NULL},
	{"maxPinnedCameras", PARAMETER_NUMBER, C, false, NULL},
	{"meetingCameraCap", PARAMETER_NUMBER, C, true, NULL},
	{"meetingEndedURL", PARAMETER_URL, C, false, NULL},
	{"meetingExpireIfNoUserJoinedInMinutes", PARAMETER_NUMBER, C, true, NULL},
	{"meetingExpireWhenLastUserLeftInMinutes", PARAMETER_NUMBER, C, true, NULL},
	{"meetingKeepEvents", PARAMETER_BOOL, C, false, NULL},
	{"meetingLayout", PARAMETER_ENUM, C, false, layouts},
	{"moderatorOnlyMessage", PARAMETER_TEXT, C, false, NULL},
	{"moderatorPW", PARAMETER_TEXT, C, false, NULL},
	{"multiUserWhiteboardEnabled", PARAMETER_BOOL, C, false, NULL},
	{"muteOnStart", PARAMETER_BOOL, C, false, NULL},
	{"notifyRecordingIsOn", PARAMETER_BOOL, C, false, NULL},
	{"pluginManifests", PARAMETER_TEXT, C, false, NULL},
	{"pluginManifestsFetchUrl", PARAMETER_URL, C, false, NULL},
	{"preUploadedPresentation", PARAMETER_URL, C, false, NULL},
	{"preUploadedPresentationName", PARAMETER_TEXT, C, false, NULL},
	{"preUploadedPresentationOverrideDefault", PARAMETER_BOOL, C, false, NULL},
	{"presentationConversionCacheEnabled", PARAMETER_BOOL, C, false, NULL},
	{"presentationUploadExternalDescription", PARAMETER_TEXT, C, false, NULL},
	{"presentationUploadExternalUrl", PARAMETER_URL, C, false, NULL},
	{"record", PARAMETER_BOOL, C, false, NULL},
	{"recordFullDurationMedia", PARAMETER_BOOL, C, false, NULL},
	{"redirect", PARAMETER_BOOL, J, false, NULL},
	{"role", PARAMETER_ENUM, J, false, roles},
	{"screenShareBridge", PARAMETER_ENUM, C, false, bridges},
	{"sharedNotesEditor", PARAMETER_ENUM, C, false, notes_editors},
	{"sharedNotesInitialContentJsonUrl", PARAMETER_URL, C, false, NULL},
	{"sharedNotesInitialContentMarkdown", PARAMETER_TEXT, C, false, NULL},
	{"sharedNotesInitialContentMarkdownUrl", PARAMETER_URL, C, false, NULL},
	{"userCameraCap", PARAMETER_NUMBER, C, true, NULL},
	{"voiceBridge", PARAMETER_NUMBER, C, false, NULL},
	{"webVoice", PARAMETER_TEXT, C, false, NULL},
	{"webVoiceConf", PARAMETER_TEXT, J, false, NULL},
	{"webcamBackgroundURL", PARAMETER_URL, J, false, NULL},
	{"webcamsOnlyForModerator", PARAMETER_BOOL, C, false, NULL},
	{"welcome", PARAMETER_TEXT, C, false, NULL},
	/* of the generic names, those with a type of their own */
	{"userdata-bbb_custom_style_url", PARAMETER_URL, J, false, NULL},
	{"userdata-bbb_override_default_locale", PARAMETER_LOCALE, J, false, NULL},
};

static const struct parameter_row meta_row = {"meta_", PARAMETER_TEXT, C, false, NULL};
static const struct parameter_row userdata_row = {"userdata-", PARAMETER_TEXT, J, false, NULL};

const struct parameter_row *parameter_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	/* Names that bbb-web takes: bbb-api.md 3.6, and userdata- with what its clients use. */
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

static bool is_number(const char *s)
{
	return *s && strlen(s) <= 9 && !s[strspn(s, "0123456789")];
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

static bool is_url(const char *s)
{
	if (strncasecmp(s, "http://", 7) != 0 && strncasecmp(s, "https://", 8) != 0)
		return false;
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= 0x20 || *p == 0x7F || strchr("<>\"", *p))
			return false;
	return strstr(s, "://")[3] != '\0' && strstr(s, "://")[3] != '/';
}

static bool is_choice(const char *const *choices, const char *value)
{
	for (; *choices; choices++)
		if (strcmp(*choices, value) == 0)
			return true;
	return false;
}

const char *parameter_complaint(const struct parameter_row *row, const char *value)
{
	switch (row->type) {
	case PARAMETER_BOOL:
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? NULL
										 : "must be true or false";
	case PARAMETER_NUMBER:
		return is_number(value) ? NULL : "must be a whole number of up to nine digits";
	case PARAMETER_COLOUR:
		return is_colour(value) ? NULL : "must be a colour such as #0f70d7";
	case PARAMETER_LOCALE:
		return is_locale(value) ? NULL : "must be a locale such as de or pt-BR";
	case PARAMETER_URL:
		return is_url(value) ? NULL : "must be an http or https URL";
	case PARAMETER_ENUM:
		return is_choice(row->choices, value) ? NULL : "must be one of BigBlueButton's values for it";
	case PARAMETER_LIST:
		return *value && !strchr(value, ' ') ? NULL
						     : "must be a list separated by commas, without blanks";
	case PARAMETER_TEXT:
		break;
	}
	return NULL;
}
