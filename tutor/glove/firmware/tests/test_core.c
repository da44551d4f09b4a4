/* What the portable core does, one behaviour a function. Prints nothing but what fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_board.h"

static hgp_device device;
static uint8_t next_sequence;
static uint32_t read_until;

#define DEMAND(kept)                                                        \
    do {                                                                    \
        if (!(kept)) {                                                      \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, __func__, #kept); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static void start(void) {
    fake_board_reset();
    hgp_init(&device, &fake_identity);
    next_sequence = 1;
    read_until = 0;
}

static void pass_us(uint32_t us) {
    while (us) {
        uint32_t step = us < 1000 ? us : 1000;
        board.now += step;
        us -= step;
        hgp_poll(&device);
    }
}

/* The host's frames carry flags, so they are made here. */
static void send_as(uint8_t flags, uint8_t kind, uint8_t sequence, const uint8_t *payload, uint8_t size) {
    uint8_t body[64] = {(uint8_t)(HGP_VERSION << 4 | flags), kind, sequence};
    for (uint8_t i = 0; i < size; i++) {
        body[3 + i] = payload[i];
    }
    uint8_t count = (uint8_t)(3 + size);
    uint16_t crc = hgp_crc16(body, count);
    body[count++] = (uint8_t)crc;
    body[count++] = (uint8_t)(crc >> 8);
    uint8_t wire[80], code_at = 0, out = 1;
    for (uint8_t i = 0; i < count; i++) {
        if (body[i]) {
            wire[out++] = body[i];
        } else {
            wire[code_at] = (uint8_t)(out - code_at);
            code_at = out++;
        }
    }
    wire[code_at] = (uint8_t)(out - code_at);
    wire[out++] = 0;
    for (uint8_t i = 0; i < out; i++) {
        hgp_receive(&device, wire[i]);
    }
}

static void send(uint8_t kind, const uint8_t *payload, uint8_t size) {
    send_as(HGP_FLAG_ACK, kind, next_sequence++, payload, size);
}

/* The next frame that the device has sent, or false. */
static bool heard(hgp_frame *frame) {
    static hgp_gatherer gatherer;
    while (read_until < board.sent_count) {
        hgp_read read = hgp_gather(&gatherer, board.sent[read_until++], frame);
        DEMAND(read != HGP_BAD);
        if (read == HGP_GOOD) {
            return true;
        }
    }
    return false;
}

static bool heard_kind(uint8_t kind, hgp_frame *frame) {
    while (heard(frame)) {
        if (frame->kind == kind) {
            return true;
        }
    }
    return false;
}

static int code_of_answer(void) {
    hgp_frame frame;
    while (heard(&frame)) {
        if (frame.kind == HGP_ACK || frame.kind == HGP_NACK) {
            return frame.kind == HGP_ACK ? frame.payload[1] : 100 + frame.payload[1];
        }
    }
    return -1;
}

static int ask(uint8_t kind, const uint8_t *payload, uint8_t size) {
    read_until = board.sent_count;
    send(kind, payload, size);
    return code_of_answer();
}

static void put(uint8_t *out, uint32_t value, uint8_t bytes) {
    for (uint8_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(value >> 8 * i);
    }
}

static int ask_arm(uint16_t lease_ms, uint8_t level, uint16_t max_on_ms) {
    uint8_t in[5] = {0};
    put(in, lease_ms, 2);
    in[2] = level;
    put(in + 3, max_on_ms, 2);
    return ask(HGP_ARM, in, sizeof in);
}

static int ask_pulse(uint8_t actuator, uint8_t wave, uint8_t level, uint16_t ms) {
    uint8_t in[5] = {actuator, wave, level};
    put(in + 3, ms, 2);
    return ask(HGP_PULSE, in, sizeof in);
}

static int ask_pulse_at(uint32_t time, uint8_t actuator, uint8_t level, uint16_t ms) {
    uint8_t in[9] = {0};
    put(in, time, 4);
    in[4] = actuator;
    in[6] = level;
    put(in + 7, ms, 2);
    return ask(HGP_PULSE_AT, in, sizeof in);
}

static int ask_chord(uint32_t time, uint16_t mask, uint8_t level, uint16_t ms, uint8_t stagger_ms) {
    uint8_t in[10] = {0};
    put(in, time, 4);
    put(in + 4, mask, 2);
    in[6] = level;
    put(in + 7, ms, 2);
    in[9] = stagger_ms;
    return ask(HGP_CHORD_AT, in, sizeof in);
}

static int ask_u32(uint8_t kind, uint32_t value) {
    uint8_t in[4];
    put(in, value, 4);
    return ask(kind, in, sizeof in);
}

static int ask_set(uint8_t key, uint32_t value) {
    uint8_t in[5] = {key};
    put(in + 1, value, 4);
    return ask(HGP_SET, in, sizeof in);
}

static uint32_t value_of(uint8_t key) {
    hgp_frame frame;
    read_until = board.sent_count;
    send(HGP_GET, &key, 1);
    DEMAND(heard_kind(HGP_ACK, &frame) && frame.size == 6);
    return frame.payload[2] | (uint32_t)frame.payload[3] << 8 | (uint32_t)frame.payload[4] << 16;
}

static void ping(void) {
    uint8_t in[4] = {1, 2, 3, 4};
    send_as(0, HGP_PING, next_sequence++, in, sizeof in);
}

static void keep_alive_us(uint32_t us) {
    for (; us > 100000; us -= 100000) {
        ping();
        pass_us(100000);
        board.sent_count = read_until = 0;
    }
    pass_us(us);
}

static void arm(void) {
    DEMAND(ask_arm(2000, 255, 1500) == HGP_OK);
}

static bool heard_event(uint8_t code) {
    hgp_frame frame;
    while (heard_kind(HGP_EVENT, &frame)) {
        if (frame.payload[0] == code) {
            return true;
        }
    }
    return false;
}

/* -- frames -------------------------------------------------------------------------------------------------------- */

static void golden_frames_are_taken(void) {
    static const uint8_t chord[] = {0x07, 0x10, 0x12, 0x06, 0xa0, 0x25, 0x26, 0x05, 0xa0,
                                    0x02, 0xa0, 0x64, 0x01, 0x02, 0x2a, 0x01, 0x00};
    static const uint8_t ping_frame[] = {0x04, 0x10, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0xa4, 0xe7, 0x00};
    hgp_gatherer gatherer = {0};
    hgp_frame frame;
    for (size_t i = 0; i + 1 < sizeof chord; i++) {
        DEMAND(hgp_gather(&gatherer, chord[i], &frame) == HGP_NOTHING);
    }
    DEMAND(hgp_gather(&gatherer, 0, &frame) == HGP_GOOD);
    DEMAND(frame.kind == HGP_CHORD_AT && frame.sequence == 6 && frame.size == 10 && frame.payload[4] == 0xa0);
    uint8_t wire[HGP_MAX_WIRE];
    const uint8_t zero[4] = {0};
    DEMAND(hgp_encode(HGP_PING, 1, zero, 4, wire) == sizeof ping_frame);
    DEMAND(!memcmp(wire, ping_frame, sizeof ping_frame));
    DEMAND(hgp_crc16((const uint8_t *)"123456789", 9) == 0x29B1);
}

static void no_flipped_bit_gets_through(void) {
    for (uint16_t bit = 0; bit < 16 * 8; bit++) {
        uint8_t chord[] = {0x07, 0x10, 0x12, 0x06, 0xa0, 0x25, 0x26, 0x05, 0xa0,
                           0x02, 0xa0, 0x64, 0x01, 0x02, 0x2a, 0x01, 0x00};
        chord[bit / 8] ^= (uint8_t)(1u << bit % 8);
        hgp_gatherer gatherer = {0};
        hgp_frame frame;
        for (size_t i = 0; i < sizeof chord; i++) {
            DEMAND(hgp_gather(&gatherer, chord[i], &frame) != HGP_GOOD);
        }
    }
}

static void what_is_too_long_or_too_short_is_dropped_and_counted(void) {
    start();
    for (int i = 0; i < 1000; i++) {
        hgp_receive(&device, 0x55);
    }
    hgp_receive(&device, 0);
    hgp_receive(&device, 1);
    hgp_receive(&device, 0);
    hgp_receive(&device, 0);
    DEMAND(device.crc_errors == 2);
}

static void unknown_and_misshapen_frames_are_refused(void) {
    start();
    const uint8_t in[3] = {0};
    DEMAND(ask(0x70, in, 0) == 100 + HGP_UNKNOWN);
    DEMAND(ask(HGP_PING, in, 3) == 100 + HGP_BAD_ARG);
    DEMAND(ask(HGP_RHYTHM_AT, in, 3) == 100 + HGP_BAD_ARG);
    DEMAND(ask(HGP_GET, in, 1) == 100 + HGP_BAD_ARG);
}

/* -- states -------------------------------------------------------------------------------------------------------- */

static void it_says_hello_at_boot_and_when_asked(void) {
    start();
    hgp_frame frame;
    DEMAND(heard_kind(HGP_HELLO, &frame) && frame.size == 40 && frame.payload[6] == 10);
    const uint8_t in[6] = {1, 1, 0xAA, 0xBB, 0xCC, 0xDD};
    arm();
    ask(HGP_HELLO_REQ, in, sizeof in);
    DEMAND(device.state == HGP_SAFE);
    read_until = 0;
    bool matching = false;
    while (heard_kind(HGP_HELLO, &frame)) {
        matching = matching || frame.payload[36] == 0xAA;
    }
    DEMAND(matching);
}

static void nothing_runs_before_arm(void) {
    start();
    DEMAND(ask_pulse(0, 0, 200, 50) == 100 + HGP_NOT_ARMED);
    DEMAND(!hgp_board_outputs() && !board.powered);
}

static void arm_has_bounds(void) {
    start();
    DEMAND(ask_arm(199, 200, 1500) == 100 + HGP_BAD_ARG);
    DEMAND(ask_arm(2001, 200, 1500) == 100 + HGP_BAD_ARG);
    DEMAND(ask_arm(1000, 0, 1500) == 100 + HGP_BAD_ARG);
    DEMAND(ask_arm(1000, 200, 5) == 100 + HGP_BAD_ARG);
    DEMAND(ask_arm(1000, 200, 60000) == HGP_OK);
    DEMAND(device.max_on_ms == HGP_PULSE_MAX_MS);
}

static void the_lease_lapses(void) {
    start();
    DEMAND(ask_arm(200, 200, 1500) == HGP_OK);
    DEMAND(ask_pulse(3, 0, 200, 1500) == HGP_OK && board.levels[3]);
    pass_us(150000);
    ping();
    pass_us(150000);
    DEMAND(device.state == HGP_ARMED && board.levels[3]);
    pass_us(51000);
    DEMAND(device.state == HGP_SAFE && !hgp_board_outputs());
    DEMAND(heard_event(HGP_EVENT_LEASE_LAPSED));
    pass_us(10000);
    DEMAND(!board.powered);
}

static void stop_is_at_once_and_flushes(void) {
    start();
    arm();
    DEMAND(ask_pulse(0, 0, 200, 1500) == HGP_OK);
    DEMAND(ask_pulse_at(board.now + 500000, 1, 200, 100) == HGP_OK);
    DEMAND(ask(HGP_STOP_ALL, NULL, 0) == HGP_OK);
    DEMAND(!hgp_board_outputs() && device.motors.count == 0 && device.state == HGP_SAFE);
}

static void the_stop_button_latches(void) {
    start();
    arm();
    ask_pulse(0, 0, 200, 1500);
    board.sense.stop_pressed = true;
    pass_us(1000);
    DEMAND(device.state == HGP_FAULT && !hgp_board_outputs() && !board.powered);
    DEMAND(heard_event(HGP_EVENT_ESTOP));
    DEMAND(ask_arm(1000, 200, 1500) == 100 + HGP_FAULTY);
    DEMAND(ask_pulse(0, 0, 200, 50) == 100 + HGP_FAULTY);
    DEMAND(ask_u32(HGP_CLEAR_FAULT, 0x55667788) == 100 + HGP_FAULTY);
    board.sense.stop_pressed = false;
    DEMAND(ask_u32(HGP_CLEAR_FAULT, 1) == 100 + HGP_BAD_ARG);
    DEMAND(ask_u32(HGP_CLEAR_FAULT, 0x55667788) == HGP_OK && device.state == HGP_SAFE);
    DEMAND(ask_u32(HGP_CLEAR_FAULT, 0x55667788) == HGP_OK);
}

static void too_much_current_latches(void) {
    start();
    arm();
    board.sense.overcurrent = true;
    pass_us(1000);
    DEMAND(device.state == HGP_FAULT && heard_event(HGP_EVENT_OVERCURRENT));
    ask(HGP_STOP_ALL, NULL, 0);
    DEMAND(device.state == HGP_FAULT);
}

static void a_motor_that_does_not_stop_loses_its_supply(void) {
    start();
    arm();
    ask_pulse(0, 0, 200, 1500);
    board.stuck = 1;
    ask(HGP_STOP_ALL, NULL, 0);
    pass_us(4000);
    DEMAND(board.powered);
    pass_us(2000);
    DEMAND(!board.powered && device.state == HGP_FAULT && heard_event(HGP_EVENT_STOP_UNVERIFIED));
}

static void off_the_hand_or_empty_it_falls_silent(void) {
    start();
    arm();
    board.sense.worn = false;
    pass_us(1000);
    DEMAND(device.state == HGP_SAFE && heard_event(HGP_EVENT_GLOVE_OFF));
    DEMAND(ask_arm(1000, 200, 1500) == 100 + HGP_LIMITED);
    board.sense.worn = true;
    arm();
    board.sense.battery = 4;
    pass_us(1000);
    DEMAND(device.state == HGP_SAFE && heard_event(HGP_EVENT_LOW_BATTERY));
}

static void the_hand_must_rest(void) {
    start();
    DEMAND(ask_set(HGP_KEY_CHILD, 1) == HGP_OK && value_of(HGP_KEY_CHILD) == 1);
    DEMAND(ask_set(HGP_KEY_CHILD, 2) == 100 + HGP_BAD_ARG && ask_set(HGP_KEY_OUTPUTS, 1) == 100 + HGP_BAD_ARG);
    arm();
    DEMAND(value_of(HGP_KEY_SESSION_LEFT_S) == HGP_CHILD_SESSION_SEC);
    keep_alive_us(HGP_CHILD_SESSION_SEC * 1000000u + 200000u);
    DEMAND(device.state == HGP_SAFE && device.resting);
    DEMAND(value_of(HGP_KEY_SESSION_LEFT_S) == 0 && value_of(HGP_KEY_REST_LEFT_S) > HGP_REST_SEC - 5);
    DEMAND(ask_arm(1000, 200, 1500) == 100 + HGP_LIMITED);
    keep_alive_us(HGP_REST_SEC * 1000000u);
    DEMAND(value_of(HGP_KEY_REST_LEFT_S) == 0);
    arm();
}

/* -- cues ---------------------------------------------------------------------------------------------------------- */

static void a_cue_fires_early_by_its_onset_across_the_wrap(void) {
    start();
    arm();
    keep_alive_us(7900000);
    DEMAND(board.now > 0xFFFE0000u);
    uint32_t skin = board.now + 300000;
    DEMAND(skin < board.now);
    DEMAND(ask_pulse_at(skin, 4, 200, 100) == HGP_OK);
    pass_us(239000);
    DEMAND(!board.levels[4]);
    pass_us(2000);
    DEMAND(board.levels[4]);
    pass_us(101000);
    DEMAND(!board.levels[4]);
    hgp_frame frame;
    DEMAND(heard_kind(HGP_DONE, &frame));
}

static void a_chord_may_be_staggered_and_its_motors_may_differ(void) {
    start();
    fake_identity.onset_ms[1] = 15;
    arm();
    uint32_t skin = board.now + 300000;
    DEMAND(ask_chord(skin, 0x07, 200, 100, 0) == HGP_OK && device.motors.count == 2);
    pass_us(241000);
    DEMAND(board.levels[0] && !board.levels[1] && board.levels[2]);
    pass_us(45000);
    DEMAND(board.levels[1]);
    pass_us(500000);
    skin = board.now + 300000;
    DEMAND(ask_chord(skin, 0x30, 200, 100, 5) == HGP_OK && device.motors.count == 2);
    pass_us(242000);
    DEMAND(board.levels[4] && !board.levels[5]);
    pass_us(5000);
    DEMAND(board.levels[5]);
}

static void a_rhythm_is_many_pulses(void) {
    start();
    arm();
    uint8_t in[14] = {0};
    put(in, board.now + 200000, 4);
    put(in + 4, 1, 2);
    in[6] = 150;
    in[7] = 3;
    put(in + 8, 200, 2);
    put(in + 10, 100, 2);
    put(in + 12, 40, 2);
    DEMAND(ask(HGP_RHYTHM_AT, in, sizeof in) == HGP_OK && device.motors.count == 4);
    in[7] = 4;
    DEMAND(ask(HGP_RHYTHM_AT, in, sizeof in) == 100 + HGP_BAD_ARG);
    put(in + 8, 10, 2);
    in[7] = 3;
    DEMAND(ask(HGP_RHYTHM_AT, in, sizeof in) == 100 + HGP_BAD_ARG);
}

static void nonsense_is_refused(void) {
    start();
    arm();
    DEMAND(ask_pulse(10, 0, 200, 50) == 100 + HGP_BAD_ARG);
    DEMAND(ask_pulse(200, 0, 200, 50) == 100 + HGP_BAD_ARG);
    DEMAND(ask_pulse(0, 1, 200, 50) == 100 + HGP_BAD_ARG);
    DEMAND(ask_pulse(0, 0, 0, 50) == 100 + HGP_BAD_ARG);
    DEMAND(ask_pulse(0, 0, 200, 9) == 100 + HGP_BAD_ARG);
    DEMAND(ask_chord(board.now + 300000, 0, 200, 50, 5) == 100 + HGP_BAD_ARG);
    DEMAND(ask_chord(board.now + 300000, 0x400, 200, 50, 0) == 100 + HGP_BAD_ARG);
    DEMAND(ask_pulse_at(board.now + HGP_HORIZON_US + 1, 0, 200, 50) == 100 + HGP_BAD_ARG);
}

static void what_comes_late_is_dropped(void) {
    start();
    arm();
    DEMAND(ask_pulse_at(board.now + 60000 - HGP_LATE_US - 1000, 0, 200, 50) == 100 + HGP_LATE);
    DEMAND(ask_pulse_at(board.now + 60000 - HGP_LATE_US + 1000, 1, 200, 50) == HGP_OK && board.levels[1]);
    DEMAND(ask_pulse_at(board.now + 100000, 2, 200, 50) == HGP_OK);
    board.now += 100000;
    hgp_poll(&device);
    DEMAND(device.motors.late == 2 && !board.levels[2]);
}

static void the_queue_has_an_end(void) {
    start();
    arm();
    for (int i = 0; i < HGP_QUEUE_LENGTH; i++) {
        DEMAND(ask_pulse_at(board.now + 1000000, 0, 200, 50) == HGP_OK);
    }
    DEMAND(ask_pulse_at(board.now + 1000000, 0, 200, 50) == 100 + HGP_QUEUE_FULL);
    DEMAND(ask_u32(HGP_CANCEL, board.now) == HGP_OK && device.motors.count == 0);
}

static void cancel_spares_what_is_before_and_stops_what_runs(void) {
    start();
    arm();
    ask_pulse_at(board.now + 200000, 0, 200, 50);
    ask_pulse_at(board.now + 400000, 1, 200, 50);
    ask_u32(HGP_CANCEL, board.now + 300000);
    DEMAND(device.motors.count == 1);
    pass_us(150000);
    DEMAND(board.levels[0]);
    ask_u32(HGP_CANCEL, board.now);
    DEMAND(!board.levels[0]);
}

static void a_frame_that_comes_twice_is_done_once(void) {
    start();
    arm();
    uint8_t in[5] = {3, 0, 200, 50, 0};
    for (int i = 0; i < 3; i++) {
        send_as((uint8_t)(HGP_FLAG_ACK | (i ? HGP_FLAG_RETRY : 0)), HGP_PULSE, 77, in, sizeof in);
    }
    pass_us(100000);
    hgp_frame frame;
    int done = 0, acks = 0;
    while (heard(&frame)) {
        done += frame.kind == HGP_DONE;
        acks += frame.kind == HGP_ACK && frame.payload[0] == 77;
    }
    DEMAND(done == 1 && acks == 3);
}

static void levels_and_lengths_are_capped(void) {
    start();
    DEMAND(ask_arm(1000, 100, 60) == HGP_OK);
    DEMAND(ask_pulse(0, 0, 255, 1500) == HGP_LIMITED);
    pass_us(59000);
    DEMAND(board.levels[0] <= 100 && board.levels[0]);
    pass_us(2000);
    DEMAND(!board.levels[0]);
}

static void the_first_pulse_swells(void) {
    start();
    arm();
    ask_pulse(0, 0, 200, 100);
    DEMAND(board.levels[0] == 50);
    pass_us(70000);
    DEMAND(board.levels[0] == 200);
    pass_us(100000);
    ask_pulse(0, 0, 200, 100);
    DEMAND(board.levels[0] == 200);
    ask_pulse(1, 0, 1, 100);
    DEMAND(board.levels[1] == 1);
}

static void all_together_draw_what_four_may(void) {
    start();
    arm();
    ask_chord(board.now + 60000, 0x3FF, 255, 500, 0);
    pass_us(200000);
    int total = 0;
    for (int i = 0; i < 10; i++) {
        DEMAND(board.levels[i]);
        total += board.levels[i];
    }
    DEMAND(total <= HGP_FULL_ACTUATORS * HGP_FULL_LEVEL);
}

static void the_newest_cue_owns_its_motors(void) {
    start();
    arm();
    ask_chord(board.now + 60000, 0x03, 200, 500, 0);
    pass_us(20000);
    DEMAND(ask_pulse(0, 0, 100, 50) == HGP_OK);
    pass_us(60000);
    DEMAND(!board.levels[0] && board.levels[1]);
    DEMAND(ask_pulse(1, 0, 100, 50) == HGP_OK && device.motors.count == 1);
}

static void no_finger_is_touched_too_long(void) {
    start();
    arm();
    uint32_t on_ms = 0;
    for (int ms = 0; ms < 10000; ms++) {
        if (ms % 100 == 0) {
            ping();
        }
        if (!board.levels[0]) {
            ask_pulse(0, 0, 200, 1500);
        }
        pass_us(1000);
        on_ms += board.levels[0] != 0;
        board.sent_count = read_until = 0;
    }
    DEMAND(on_ms > 4000 && on_ms <= 5000 && device.motors.limited > 0);
}

static void each_motor_can_be_tried(void) {
    start();
    arm();
    uint8_t each = 0xFF, one = 9, none = 10;
    DEMAND(ask(HGP_SELFTEST, &each, 1) == HGP_OK && device.motors.count == 10);
    DEMAND(ask(HGP_SELFTEST, &one, 1) == HGP_OK && board.levels[9]);
    DEMAND(ask(HGP_SELFTEST, &none, 1) == 100 + HGP_BAD_ARG);
}

static void status_tells_the_truth(void) {
    start();
    arm();
    ask_pulse(2, 0, 200, 1000);
    pass_us(510000);
    hgp_frame frame;
    bool told = false;
    while (heard_kind(HGP_STATUS, &frame)) {
        told = told || (frame.payload[0] == HGP_ARMED && frame.payload[13] == 1 << 2 && frame.payload[1] == 1);
    }
    DEMAND(told && value_of(HGP_KEY_OUTPUTS) == 1 << 2);
}

static void a_full_wire_loses_words_but_no_safety(void) {
    start();
    board.wire_full = true;
    arm_has_bounds();
    start();
    ask_arm(200, 200, 1500);
    board.wire_full = true;
    ask_pulse(0, 0, 200, 1500);
    pass_us(300000);
    DEMAND(!hgp_board_outputs() && device.state == HGP_SAFE);
}

static void counters_stay_at_their_end(void) {
    uint16_t counter = 0xFFFE;
    hgp_count(&counter);
    hgp_count(&counter);
    DEMAND(counter == 0xFFFF);
    DEMAND(hgp_later_by(5, 0xFFFFFFFBu) == 10 && hgp_later_by(0xFFFFFFFBu, 5) == -10);
}

int main(void) {
    golden_frames_are_taken();
    no_flipped_bit_gets_through();
    what_is_too_long_or_too_short_is_dropped_and_counted();
    unknown_and_misshapen_frames_are_refused();
    it_says_hello_at_boot_and_when_asked();
    nothing_runs_before_arm();
    arm_has_bounds();
    the_lease_lapses();
    stop_is_at_once_and_flushes();
    the_stop_button_latches();
    too_much_current_latches();
    a_motor_that_does_not_stop_loses_its_supply();
    off_the_hand_or_empty_it_falls_silent();
    the_hand_must_rest();
    a_cue_fires_early_by_its_onset_across_the_wrap();
    a_chord_may_be_staggered_and_its_motors_may_differ();
    a_rhythm_is_many_pulses();
    nonsense_is_refused();
    what_comes_late_is_dropped();
    the_queue_has_an_end();
    cancel_spares_what_is_before_and_stops_what_runs();
    a_frame_that_comes_twice_is_done_once();
    levels_and_lengths_are_capped();
    the_first_pulse_swells();
    all_together_draw_what_four_may();
    the_newest_cue_owns_its_motors();
    no_finger_is_touched_too_long();
    each_motor_can_be_tried();
    status_tells_the_truth();
    a_full_wire_loses_words_but_no_safety();
    counters_stay_at_their_end();
    puts("the core keeps its word");
    return 0;
}
