/* A board that exists in memory only: a clock that the test winds, pins that it can read, a wire that it can tap. */
#ifndef FAKE_BOARD_H
#define FAKE_BOARD_H

#include "hgp.h"

typedef struct {
    uint32_t now;
    uint8_t levels[HGP_MAX_ACTUATORS];
    uint16_t stuck;
    bool powered;
    hgp_sense sense;
    uint8_t sent[1 << 14];
    uint32_t sent_count;
    bool wire_full;
} fake_board;

extern fake_board board;
extern hgp_identity fake_identity;

void fake_board_reset(void);

#endif
