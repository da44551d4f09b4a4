#include "fake_board.h"

#include <string.h>

fake_board board;
hgp_identity fake_identity;

void fake_board_reset(void) {
    memset(&board, 0, sizeof board);
    board.now = HGP_BOOT_CLOCK_US;
    board.sense.worn = true;
    board.sense.battery = HGP_NO_BATTERY;
    board.sense.temperature = HGP_NO_TEMPERATURE;
    memset(&fake_identity, 0, sizeof fake_identity);
    fake_identity.actuator_class = 5;
    fake_identity.hands = 3;
    fake_identity.actuators = 10;
    fake_identity.capabilities = HGP_COMPENSATES_ONSET | HGP_READS_BACK;
    fake_identity.max_rate = 100;
    fake_identity.uid = 0x1122334455667788u;
    for (uint8_t i = 0; i < HGP_MAX_ACTUATORS; i++) {
        fake_identity.onset_ms[i] = 60;
    }
}

uint32_t hgp_board_now(void) {
    return board.now;
}

void hgp_board_drive(uint8_t actuator, uint8_t level) {
    board.levels[actuator] = level;
}

void hgp_board_power(bool on) {
    board.powered = on;
}

uint16_t hgp_board_outputs(void) {
    uint16_t on = 0;
    for (uint8_t i = 0; i < HGP_MAX_ACTUATORS; i++) {
        on |= (uint16_t)(board.levels[i] ? 1u << i : 0u);
    }
    return on;
}

void hgp_board_sense(hgp_sense *sense) {
    *sense = board.sense;
    sense->current_flows = board.powered && (board.stuck || hgp_board_outputs());
}

void hgp_board_send(const uint8_t *wire, uint8_t count) {
    if (!board.wire_full && board.sent_count + count <= sizeof board.sent) {
        memcpy(board.sent + board.sent_count, wire, count);
        board.sent_count += count;
    }
}
