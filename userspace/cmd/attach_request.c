// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/attach_request.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "host/attachments.h"
#include "lib/say.h"

static int parse_mode(const char *value, struct attach_request *request)
{
	if (request->mode)
		return bad_usage(&verb_attach, "mode is given twice");
	if (strcmp(value, "native") && strcmp(value, "generic"))
		return bad_usage(&verb_attach, "mode: found \"%s\", expected native or generic",
				 value);
	request->mode = value;
	return EXIT_DONE;
}

static int parse_capacity(const char *what, const char *value, unsigned int *capacity)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*capacity)
		return bad_usage(&verb_attach, "%s is given twice", what);
	if (*value < '1' || *value > '9' || *end || n > 1UL << 27)
		return bad_usage(&verb_attach, "%s: found \"%s\", expected a number from 1 to %lu",
				 what, value, 1UL << 27);
	*capacity = n;
	return EXIT_DONE;
}

static int parse_word(const char *word, const char *value, struct attach_request *request)
{
	if (!value)
		return bad_usage(&verb_attach, "%s needs a value", word);
	if (!strcmp(word, "mode"))
		return parse_mode(value, request);
	if (!strcmp(word, "entries"))
		return parse_capacity(word, value, &request->capacity.entries);
	if (!strcmp(word, "sessions"))
		return parse_capacity(word, value, &request->capacity.sessions);
	if (!strcmp(word, "sightings"))
		return parse_capacity(word, value, &request->capacity.sightings);
	return bad_usage(&verb_attach,
			 "found \"%s\", expected mode, entries, sessions or sightings", word);
}

static bool is_direction(const char *word)
{
	return word &&
	       (!strcmp(word, "ingress") || !strcmp(word, "egress") || !strcmp(word, "both"));
}

bool attach_wants(const struct attach_request *request, const char *direction)
{
	return request->direction ? !strcmp(request->direction, direction) ||
					    !strcmp(request->direction, "both") :
				    !strcmp(direction, "ingress");
}

int attach_request_read(int argc, char **argv, struct attach_request *request)
{
	const struct verb *verb = &verb_attach;
	int status = EXIT_DONE, first = 3;

	if (argc < 3 || strcmp(argv[1], "dev"))
		return bad_usage(verb, "expected dev INTERFACE");
	request->ifname = argv[2];
	if (!ifname_valid(argv[2]))
		return bad_usage(verb, "found \"%s\", expected the name of an interface", argv[2]);
	if (is_direction(argv[3]))
		request->direction = argv[first++];
	for (int i = first; i < argc && !status; i += 2)
		status = parse_word(argv[i], argv[i + 1], request);
	if (!status && request->mode && !attach_wants(request, "ingress"))
		status = bad_usage(verb, "mode is for ingress only");
	return status;
}
