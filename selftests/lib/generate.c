// SPDX-License-Identifier: GPL-2.0-only
/* usage: generate SEED FRAMES FILE: a capture of generated GTP-C, for any decoder to read. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/generated.h"

int main(int argc, char **argv)
{
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, GENERATED_ROOM);
	struct pcap_pkthdr header = {};
	pcap_dumper_t *dumper;

	if (argc != 4 || !pcap) {
		fprintf(stderr, "usage: generate SEED FRAMES FILE\n");
		return 2;
	}
	dumper = pcap_dump_open(pcap, argv[3]);
	if (!dumper) {
		fprintf(stderr, "generate: %s\n", pcap_geterr(pcap));
		return 1;
	}
	generated_seed(strtoull(argv[1], NULL, 0));
	for (long left = atol(argv[2]); left; left--) {
		unsigned char frame[GENERATED_ROOM];

		header.caplen = header.len = generated_frame(frame);
		pcap_dump((u_char *)dumper, &header, frame);
	}
	if (pcap_dump_flush(dumper)) {
		fprintf(stderr, "generate: %s: no room\n", argv[3]);
		return 1;
	}
	pcap_dump_close(dumper);
	pcap_close(pcap);
	return 0;
}
