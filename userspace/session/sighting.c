// SPDX-License-Identifier: GPL-2.0-only
#include "session/sighting.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/say.h"
#include "transport/map_iterate.h"
#include "transport/pins.h"

struct xeir_key sighting_key(const struct sighting *sighting, __u8 kind)
{
	struct xeir_key key = { .kind = kind };

	switch (kind) {
	case XEIR_KIND_IMSI:
		memcpy(key.id, sighting->key.imsi, XEIR_NUMBER_OCTETS);
		break;
	case XEIR_KIND_MSISDN:
		memcpy(key.id, sighting->seen.msisdn, XEIR_NUMBER_OCTETS);
		break;
	default:
		memcpy(key.id, sighting->key.imei, xeir_key_octets(kind));
	}
	return key;
}

static void read_identifier(const struct sighting *sighting, __u8 kind, char text[IDENTIFIER_TEXT])
{
	struct xeir_key key = sighting_key(sighting, kind);

	identifier_text(&key, text);
}

void sighting_text(const struct sighting *sighting, struct sighting_text *text)
{
	const struct xeir_sighting *seen = &sighting->seen;
	__u8 uli_len = seen->uli_len < XEIR_ULI_OCTETS ? seen->uli_len : XEIR_ULI_OCTETS;

	memset(text, 0, sizeof(*text));
	read_identifier(sighting, XEIR_KIND_IMEI, text->imei);
	read_identifier(sighting, XEIR_KIND_IMSI, text->imsi);
	read_identifier(sighting, XEIR_KIND_MSISDN, text->msisdn);
	/* an IMEI without one has a filler there */
	if ((seen->svn & 0xf) < 10 && seen->svn >> 4 < 10)
		identifier_bcd(&seen->svn, 1, text->svn);
	date_text(clock_utc_of_tai(seen->first), text->first);
	date_text(clock_utc_of_tai(seen->last), text->last);
	gtp_text_apn(seen->apn, strnlen((const char *)seen->apn, XEIR_APN_OCTETS), text->apn);
	rat_text(seen->rat, text->rat);
	for (__u8 i = 0; i < uli_len; i++)
		sprintf(text->uli + 2 * i, "%02x", seen->uli[i]);
	location_text(seen->version, seen->uli, uli_len, text->location);
}

bool sightings_supported(void)
{
	return pins_has(PIN_NAME(XEIR_MAP_SIGHTINGS));
}

struct iteration {
	int (*each)(const struct sighting *sighting, void *arg);
	void *arg;
};

static int each_element(const void *key, const void *value, void *arg)
{
	const struct iteration *it = arg;
	struct sighting sighting;

	memcpy(&sighting.key, key, sizeof(sighting.key));
	memcpy(&sighting.seen, value, sizeof(sighting.seen));
	return it->each(&sighting, it->arg);
}

static int failed(int err)
{
	complain("the sightings cannot be read: %s", strerror(-err));
	return err;
}

int sightings_iterate(int (*each)(const struct sighting *sighting, void *arg), void *arg)
{
	struct iteration it = { each, arg };
	int fd = pins_open(PIN_NAME(XEIR_MAP_SIGHTINGS)), err;

	if (fd < 0)
		return fd;
	err = map_iterate(fd, each_element, &it);
	close(fd);
	return err < 0 ? failed(err) : err;
}

int sightings_forget(size_t *n)
{
	int fd = pins_open(PIN_NAME(XEIR_MAP_SIGHTINGS)), err;

	*n = 0;
	if (fd < 0)
		return fd;
	/* programs that began by the former setting have ended behind this: synchronize_rcu() */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	err = map_iterate_clear(fd, n);
	close(fd);
	return err ? failed(err) : 0;
}
