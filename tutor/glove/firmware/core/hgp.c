#include "hgp.h"

#include <string.h>

#define STATUS_US 500000
#define SELFTEST_MS 150
#define SELFTEST_LEVEL 120
#define SELFTEST_STEP_MS 250
#define RHYTHM_MS 60
#define EACH 0xFF
#define STEADY 0
#define ASKS_MAX 21 /* a rhythm of 20 gaps */

/* -- saying ------------------------------------------------------------------------------------------------------ */

static void say(hgp_device *device, uint8_t kind, const uint8_t *payload, uint8_t size) {
    uint8_t wire[HGP_MAX_WIRE];
    hgp_board_send(wire, hgp_encode(kind, device->sequence++, payload, size, wire));
}

static uint8_t put16(uint8_t *out, uint16_t value) {
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
    return 2;
}

static uint8_t put32(uint8_t *out, uint32_t value) {
    put16(out, (uint16_t)value);
    put16(out + 2, (uint16_t)(value >> 16));
    return 4;
}

static uint16_t get16(const uint8_t *in) {
    return (uint16_t)(in[0] | (uint16_t)in[1] << 8);
}

static uint32_t get32(const uint8_t *in) {
    return get16(in) | (uint32_t)get16(in + 2) << 16;
}

static void say_answer(hgp_device *device, uint8_t kind, uint8_t sequence, uint8_t code) {
    const uint8_t payload[2] = {sequence, code};
    say(device, kind, payload, sizeof payload);
}

static void say_event(hgp_device *device, uint8_t code) {
    uint8_t payload[5] = {code};
    put32(payload + 1, hgp_board_now());
    say(device, HGP_EVENT, payload, sizeof payload);
}

static void say_done(void *context, uint8_t sequence, uint32_t on, uint32_t off) {
    uint8_t payload[9] = {sequence};
    put32(payload + 1, on);
    put32(payload + 5, off);
    say(context, HGP_DONE, payload, sizeof payload);
}

static void say_status(hgp_device *device) {
    uint32_t now = hgp_board_now();
    hgp_sense sense;
    hgp_board_sense(&sense);
    device->status_at = now + STATUS_US;
    uint32_t passed_ms = (now - device->lease_from) / 1000;
    bool leased = device->state == HGP_ARMED && passed_ms < device->lease_ms;
    uint8_t payload[16], size = 0;
    payload[size++] = device->state;
    payload[size++] = device->motors.count;
    size += put16(payload + size, leased ? (uint16_t)(device->lease_ms - passed_ms) : 0);
    payload[size++] = device->faults;
    size += put16(payload + size, device->crc_errors);
    size += put16(payload + size, device->motors.late);
    size += put16(payload + size, device->motors.limited);
    payload[size++] = (uint8_t)sense.temperature;
    payload[size++] = sense.battery;
    size += put16(payload + size, hgp_board_outputs());
    say(device, HGP_STATUS, payload, size);
}

static void say_hello(hgp_device *device, uint32_t nonce) {
    const hgp_identity *who = device->identity;
    uint8_t payload[HGP_MAX_PAYLOAD] = {
        HGP_VERSION, 1, 0, 0, who->actuator_class, who->hands, who->actuators,
    };
    uint8_t size = 7;
    size += put16(payload + size, who->capabilities);
    payload[size++] = HGP_QUEUE_LENGTH;
    payload[size++] = who->max_rate;
    size += put16(payload + size, HGP_PULSE_MIN_MS);
    size += put16(payload + size, HGP_PULSE_MAX_MS);
    for (uint8_t i = 0; i < who->actuators; i++) {
        payload[size++] = who->onset_ms[i];
    }
    size += put32(payload + size, (uint32_t)who->uid);
    size += put32(payload + size, (uint32_t)(who->uid >> 32));
    size += put16(payload + size, who->boot_count);
    payload[size++] = who->reset_cause;
    size += put32(payload + size, nonce);
    say(device, HGP_HELLO, payload, size);
}

/* -- states ------------------------------------------------------------------------------------------------------ */

static void enter(hgp_device *device, uint8_t state) {
    bool changed = device->state != state;
    device->state = state;
    if (changed) {
        say_status(device);
    }
}

static void all_off(hgp_device *device) {
    hgp_motors_all_off(&device->motors, hgp_board_now(), say_done, device);
}

static void make_safe(hgp_device *device) {
    all_off(device);
    device->stop_check = true;
    device->stop_check_at = hgp_board_now() + HGP_STOP_CHECK_US;
    if (device->state != HGP_FAULT) {
        enter(device, HGP_SAFE);
    }
}

static void fall_silent(hgp_device *device, uint8_t reason) {
    make_safe(device);
    say_event(device, reason);
}

static void fail(hgp_device *device, uint8_t fault, uint8_t reason) {
    device->faults |= fault;
    hgp_board_power(false);
    all_off(device);
    enter(device, HGP_FAULT);
    say_event(device, reason);
}

static bool something_stuck(hgp_device *device, const hgp_sense *sense) {
    return !device->motors.on && (sense->current_flows || hgp_board_outputs());
}

/* A while after all was switched off: does anything still run? Then the supply is cut for good, else until ARM. */
static void verify_stop(hgp_device *device, const hgp_sense *sense) {
    device->stop_check = false;
    if (something_stuck(device, sense)) {
        fail(device, HGP_FAULT_STOP_UNVERIFIED, HGP_EVENT_STOP_UNVERIFIED);
    } else {
        hgp_board_power(device->state == HGP_ARMED);
    }
}

static void watch(hgp_device *device, const hgp_sense *sense) {
    if (sense->stop_pressed && !(device->faults & HGP_FAULT_ESTOP)) {
        fail(device, HGP_FAULT_ESTOP, HGP_EVENT_ESTOP);
    }
    if (sense->overcurrent && !(device->faults & HGP_FAULT_OVERCURRENT)) {
        fail(device, HGP_FAULT_OVERCURRENT, HGP_EVENT_OVERCURRENT);
    }
    if (device->state == HGP_ARMED && !sense->worn) {
        fall_silent(device, HGP_EVENT_GLOVE_OFF);
    }
    if (device->state == HGP_ARMED && sense->battery < HGP_LOW_BATTERY) {
        fall_silent(device, HGP_EVENT_LOW_BATTERY);
    }
}

static uint32_t session_ms(const hgp_device *device) {
    return (device->child ? HGP_CHILD_SESSION_SEC : HGP_SESSION_SEC) * (uint32_t)1000;
}

static void count_session(hgp_device *device) {
    if (device->state == HGP_ARMED) {
        device->rested_ms = 0;
        device->armed_ms += HGP_PURSE_STEP_MS;
        device->resting = device->armed_ms >= session_ms(device);
        if (device->resting) {
            fall_silent(device, HGP_EVENT_REST_DUE);
        }
        return;
    }
    device->rested_ms += HGP_PURSE_STEP_MS;
    if (device->rested_ms >= HGP_REST_SEC * (uint32_t)1000) {
        device->rested_ms = HGP_REST_SEC * (uint32_t)1000;
        device->resting = false;
        device->armed_ms = 0;
    }
}

/* -- touching ---------------------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t skin;
    uint16_t mask;
    uint16_t duration_ms;
} ask;

typedef struct {
    ask asks[ASKS_MAX];
    uint8_t count;
    uint8_t level;
    uint8_t wave;
    bool at_once;
} wish;

static void add_ask(wish *wanted, uint32_t skin, uint16_t mask, uint16_t duration_ms) {
    const ask added = {skin, mask, duration_ms};
    wanted->asks[wanted->count++] = added;
}

static uint16_t bit_of(uint8_t actuator) {
    return (uint16_t)(actuator < HGP_MAX_ACTUATORS ? 1u << actuator : 0u);
}

static bool read_chord(const uint8_t *in, wish *wanted) {
    uint32_t skin = get32(in);
    uint16_t mask = get16(in + 4), duration_ms = get16(in + 7);
    wanted->level = in[6];
    uint8_t stagger_ms = in[9];
    if (!stagger_ms || !mask) {
        add_ask(wanted, skin, mask, duration_ms);
        return true;
    }
    for (uint8_t i = 0; i < HGP_MAX_ACTUATORS; i++) {
        if (mask >> i & 1) {
            add_ask(wanted, skin, bit_of(i), duration_ms);
            skin += stagger_ms * (uint32_t)1000;
        }
    }
    return true;
}

static bool read_rhythm(const uint8_t *in, uint8_t size, wish *wanted) {
    uint32_t skin = get32(in);
    uint16_t mask = get16(in + 4);
    uint8_t gaps = in[7];
    wanted->level = in[6];
    if (size != 8 + 2 * (uint16_t)gaps) {
        return false;
    }
    for (uint8_t i = 0; i <= gaps; i++) {
        uint16_t gap_ms = i < gaps ? get16(in + 8 + 2 * i) : 2 * RHYTHM_MS;
        add_ask(wanted, skin, mask, gap_ms / 2 < RHYTHM_MS ? gap_ms / 2 : RHYTHM_MS);
        skin += gap_ms * (uint32_t)1000;
    }
    return true;
}

static void read_selftest(const hgp_device *device, uint8_t actuator, wish *wanted) {
    uint32_t skin = hgp_board_now();
    wanted->level = SELFTEST_LEVEL;
    wanted->at_once = true;
    uint8_t first = actuator == EACH ? 0 : actuator;
    uint8_t last = actuator == EACH ? (uint8_t)(device->identity->actuators - 1) : actuator;
    for (uint8_t i = first; i <= last; i++) {
        add_ask(wanted, skin, bit_of(i), SELFTEST_MS);
        skin += SELFTEST_STEP_MS * (uint32_t)1000;
    }
}

static bool read_wish(const hgp_device *device, const hgp_frame *frame, wish *wanted) {
    const uint8_t *in = frame->payload;
    wanted->count = 0;
    wanted->wave = STEADY;
    wanted->at_once = false;
    switch (frame->kind) {
        case HGP_PULSE:
            wanted->wave = in[1];
            wanted->level = in[2];
            wanted->at_once = true;
            add_ask(wanted, hgp_board_now(), bit_of(in[0]), get16(in + 3));
            return true;
        case HGP_PULSE_AT:
            wanted->wave = in[5];
            wanted->level = in[6];
            add_ask(wanted, get32(in), bit_of(in[4]), get16(in + 7));
            return true;
        case HGP_CHORD_AT:
            return read_chord(in, wanted);
        case HGP_RHYTHM_AT:
            return read_rhythm(in, frame->size, wanted);
        default:
            read_selftest(device, in[0], wanted);
            return true;
    }
}

static bool sensible(const hgp_device *device, const ask *asked, uint32_t now) {
    return asked->mask && !(asked->mask & (uint16_t)~hgp_motors_all(&device->motors)) &&
           asked->duration_ms >= HGP_PULSE_MIN_MS && hgp_later_by(asked->skin, now) <= HGP_HORIZON_US;
}

/* One cue for each onset time among the motors of an ask, so that the skin feels all of them together; `take` false
 * only counts them. `earliest` is brought forward to the first time at which a motor must go on. */
static uint8_t split(hgp_device *device, const wish *wanted, const ask *asked, uint8_t sequence, bool take,
                     uint32_t *earliest) {
    uint8_t made = 0;
    for (uint16_t rest = asked->mask; rest;) {
        hgp_cue cue = {.sequence = sequence, .running = false};
        for (uint8_t i = 0; i < device->motors.actuators; i++) {
            uint8_t early_ms = wanted->at_once ? 0 : device->identity->onset_ms[i];
            if (rest >> i & 1 && (!cue.mask || early_ms == cue.early_ms)) {
                cue.mask |= bit_of(i);
                cue.early_ms = early_ms;
            }
        }
        rest &= (uint16_t)~cue.mask;
        cue.at = asked->skin - cue.early_ms * (uint32_t)1000;
        cue.level = wanted->level < device->max_level ? wanted->level : device->max_level;
        cue.length_ms = asked->duration_ms < device->max_on_ms ? asked->duration_ms : device->max_on_ms;
        if (hgp_later_by(*earliest, cue.at) > 0) {
            *earliest = cue.at;
        }
        if (take) {
            hgp_motors_add(&device->motors, &cue);
        }
        made++;
    }
    return made;
}

static uint8_t touch(hgp_device *device, const hgp_frame *frame) {
    if (device->state != HGP_ARMED) {
        return device->state == HGP_FAULT ? HGP_FAULTY : HGP_NOT_ARMED;
    }
    wish wanted;
    uint32_t now = hgp_board_now();
    if (!read_wish(device, frame, &wanted) || !wanted.level || wanted.wave != STEADY) {
        return HGP_BAD_ARG;
    }
    bool cut = wanted.level > device->max_level;
    uint32_t earliest = now + HGP_HORIZON_US;
    uint8_t needed = 0;
    for (uint8_t i = 0; i < wanted.count; i++) {
        if (!sensible(device, &wanted.asks[i], now)) {
            return HGP_BAD_ARG;
        }
        cut = cut || wanted.asks[i].duration_ms > device->max_on_ms;
        needed += split(device, &wanted, &wanted.asks[i], frame->sequence, false, &earliest);
    }
    if (hgp_later_by(now, earliest) > HGP_LATE_US) {
        hgp_count(&device->motors.late);
        return HGP_LATE;
    }
    if (needed > hgp_motors_room(&device->motors)) {
        return HGP_QUEUE_FULL;
    }
    for (uint8_t i = 0; i < wanted.count; i++) {
        split(device, &wanted, &wanted.asks[i], frame->sequence, true, &earliest);
    }
    if (cut) {
        hgp_count(&device->motors.limited);
    }
    hgp_motors_run(&device->motors, now, say_done, device);
    return cut ? HGP_LIMITED : HGP_OK;
}

/* -- answering --------------------------------------------------------------------------------------------------- */

static uint8_t arm(hgp_device *device, const uint8_t *in) {
    uint16_t lease_ms = get16(in), max_on_ms = get16(in + 3);
    hgp_sense sense;
    hgp_board_sense(&sense);
    if (lease_ms < HGP_LEASE_MIN_MS || lease_ms > HGP_LEASE_MAX_MS || !in[2] || max_on_ms < HGP_PULSE_MIN_MS) {
        return HGP_BAD_ARG;
    }
    if (device->state == HGP_FAULT) {
        return HGP_FAULTY;
    }
    if (device->resting || !sense.worn || sense.battery < HGP_LOW_BATTERY) {
        return HGP_LIMITED;
    }
    device->lease_ms = lease_ms;
    device->lease_from = hgp_board_now();
    device->max_level = in[2];
    device->max_on_ms = max_on_ms < HGP_PULSE_MAX_MS ? max_on_ms : HGP_PULSE_MAX_MS;
    hgp_board_power(true);
    if (device->state != HGP_ARMED) {
        hgp_motors_freshen(&device->motors);
    }
    enter(device, HGP_ARMED);
    return HGP_OK;
}

static uint8_t set(hgp_device *device, const uint8_t *in) {
    uint32_t value = get32(in + 1);
    if (in[0] != HGP_KEY_CHILD || value > 1) {
        return HGP_BAD_ARG;
    }
    device->child = value;
    return HGP_OK;
}

static uint8_t get(hgp_device *device, uint8_t key, uint32_t *value) {
    switch (key) {
        case HGP_KEY_CHILD:
            *value = device->child;
            return HGP_OK;
        case HGP_KEY_OUTPUTS:
            *value = hgp_board_outputs();
            return HGP_OK;
        case HGP_KEY_SESSION_LEFT_S:
            *value = session_ms(device) > device->armed_ms ? (session_ms(device) - device->armed_ms) / 1000 : 0;
            return HGP_OK;
        case HGP_KEY_REST_LEFT_S:
            *value = device->resting ? HGP_REST_SEC - device->rested_ms / 1000 : 0;
            return HGP_OK;
        default:
            return HGP_BAD_ARG;
    }
}

static uint8_t clear_fault(hgp_device *device, uint32_t uid_low) {
    hgp_sense sense;
    hgp_board_sense(&sense);
    if (uid_low != (uint32_t)device->identity->uid) {
        return HGP_BAD_ARG;
    }
    if (sense.stop_pressed || sense.overcurrent || something_stuck(device, &sense)) {
        return HGP_FAULTY;
    }
    device->faults = 0;
    if (device->state == HGP_FAULT) {
        enter(device, HGP_SAFE);
    }
    return HGP_OK;
}

static void greet(hgp_device *device, uint32_t nonce) {
    make_safe(device);
    for (uint8_t i = 0; i < HGP_REMEMBERED; i++) {
        device->remembered[i].kind = 0;
    }
    say_hello(device, nonce);
    say_status(device);
}

static void pong(hgp_device *device, const uint8_t *in) {
    uint8_t payload[12];
    device->lease_from = hgp_board_now();
    for (uint8_t i = 0; i < 4; i++) {
        payload[i] = in[i];
    }
    put32(payload + 4, device->lease_from);
    put32(payload + 8, hgp_board_now());
    say(device, HGP_PONG, payload, sizeof payload);
}

/* The size of a kind's payload; 0xFF for an unknown kind, 0xFE where it varies. */
static uint8_t payload_size(uint8_t kind) {
    switch (kind) {
        case HGP_STOP_ALL:
            return 0;
        case HGP_GET:
        case HGP_SELFTEST:
            return 1;
        case HGP_PING:
        case HGP_CANCEL:
        case HGP_CLEAR_FAULT:
            return 4;
        case HGP_ARM:
        case HGP_PULSE:
        case HGP_SET:
            return 5;
        case HGP_HELLO_REQ:
            return 6;
        case HGP_PULSE_AT:
            return 9;
        case HGP_CHORD_AT:
            return 10;
        case HGP_RHYTHM_AT:
            return 0xFE;
        default:
            return 0xFF;
    }
}

static bool is_touch(uint8_t kind) {
    return (kind >= HGP_PULSE && kind <= HGP_RHYTHM_AT) || kind == HGP_SELFTEST;
}

static uint8_t perform(hgp_device *device, const hgp_frame *frame) {
    const uint8_t *in = frame->payload;
    switch (frame->kind) {
        case HGP_HELLO_REQ:
            greet(device, get32(in + 2));
            return HGP_OK;
        case HGP_PING:
            pong(device, in);
            return HGP_OK;
        case HGP_ARM:
            return arm(device, in);
        case HGP_STOP_ALL:
            make_safe(device);
            return HGP_OK;
        case HGP_CANCEL:
            hgp_motors_cancel(&device->motors, get32(in), hgp_board_now(), say_done, device);
            return HGP_OK;
        case HGP_SET:
            return set(device, in);
        case HGP_CLEAR_FAULT:
            return clear_fault(device, get32(in));
        default:
            return touch(device, frame);
    }
}

/* What must not be done twice when a frame comes twice is remembered with its answer. */
static uint8_t perform_once(hgp_device *device, const hgp_frame *frame) {
    if (!is_touch(frame->kind) && frame->kind != HGP_CANCEL) {
        return perform(device, frame);
    }
    for (uint8_t i = 0; i < HGP_REMEMBERED; i++) {
        const hgp_answered *known = &device->remembered[i];
        if (known->kind == frame->kind && known->sequence == frame->sequence) {
            return known->code;
        }
    }
    const hgp_answered answered = {frame->sequence, frame->kind, perform(device, frame)};
    device->remembered[device->remembered_next] = answered;
    device->remembered_next = (uint8_t)((device->remembered_next + 1) % HGP_REMEMBERED);
    return answered.code;
}

static void say_value(hgp_device *device, const hgp_frame *frame) {
    uint32_t value = 0;
    uint8_t code = get(device, frame->payload[0], &value);
    if (code != HGP_OK) {
        say_answer(device, HGP_NACK, frame->sequence, code);
        return;
    }
    uint8_t payload[6] = {frame->sequence, HGP_OK};
    put32(payload + 2, value);
    say(device, HGP_ACK, payload, sizeof payload);
}

static void answer(hgp_device *device, const hgp_frame *frame) {
    uint8_t expected = payload_size(frame->kind);
    bool fits = expected == 0xFE ? frame->size >= 8 : frame->size == expected;
    if (expected == 0xFF || !fits) {
        say_answer(device, HGP_NACK, frame->sequence, expected == 0xFF ? HGP_UNKNOWN : HGP_BAD_ARG);
        return;
    }
    if (frame->kind == HGP_GET) {
        say_value(device, frame);
        return;
    }
    uint8_t code = perform_once(device, frame);
    if (code != HGP_OK && !(code == HGP_LIMITED && is_touch(frame->kind))) {
        say_answer(device, HGP_NACK, frame->sequence, code);
    } else if (frame->flags & HGP_FLAG_ACK) {
        say_answer(device, HGP_ACK, frame->sequence, code);
    }
}

/* -- the three calls of a board ---------------------------------------------------------------------------------- */

void hgp_init(hgp_device *device, const hgp_identity *identity) {
    memset(device, 0, sizeof *device);
    device->identity = identity;
    device->state = HGP_SAFE;
    hgp_motors_init(&device->motors, identity->actuators);
    hgp_board_power(false);
    all_off(device);
    device->step_at = hgp_board_now();
    device->status_at = device->step_at;
    say_hello(device, 0);
}

void hgp_receive(hgp_device *device, uint8_t byte) {
    hgp_frame frame;
    switch (hgp_gather(&device->gatherer, byte, &frame)) {
        case HGP_GOOD:
            answer(device, &frame);
            break;
        case HGP_BAD:
            hgp_count(&device->crc_errors);
            break;
        default:
            break;
    }
}

void hgp_poll(hgp_device *device) {
    uint32_t now = hgp_board_now();
    hgp_sense sense;
    hgp_board_sense(&sense);
    watch(device, &sense);
    if (device->state == HGP_ARMED && now - device->lease_from >= device->lease_ms * (uint32_t)1000) {
        fall_silent(device, HGP_EVENT_LEASE_LAPSED);
    }
    hgp_motors_run(&device->motors, now, say_done, device);
    if (device->stop_check && hgp_later_by(now, device->stop_check_at) >= 0) {
        verify_stop(device, &sense);
    }
    while (hgp_later_by(now, device->step_at) >= 0) {
        device->step_at += HGP_PURSE_STEP_MS * (uint32_t)1000;
        hgp_motors_fill_purses(&device->motors);
        count_session(device);
    }
    if (hgp_later_by(now, device->status_at) >= 0) {
        say_status(device);
    }
}
