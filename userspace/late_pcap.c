// SPDX-License-Identifier: GPL-2.0-only
/* What the tool calls of libpcap, which has the manual. */
#include <pcap/pcap.h>

#include "late.h"

/* as Debian names it, and others */
static const char *const libpcap[] = { "libpcap.so.0.8", "libpcap.so.1", NULL };

#define CALL(function) LATE(libpcap, function)

pcap_t *pcap_fopen_offline(FILE *file, char *error)
{
	return CALL(pcap_fopen_offline)(file, error);
}

int pcap_next_ex(pcap_t *pcap, struct pcap_pkthdr **header, const u_char **frame)
{
	return CALL(pcap_next_ex)(pcap, header, frame);
}

int pcap_datalink(pcap_t *pcap)
{
	return CALL(pcap_datalink)(pcap);
}

const char *pcap_datalink_val_to_name(int link)
{
	return CALL(pcap_datalink_val_to_name)(link);
}

char *pcap_geterr(pcap_t *pcap)
{
	return CALL(pcap_geterr)(pcap);
}

void pcap_close(pcap_t *pcap)
{
	CALL(pcap_close)(pcap);
}
