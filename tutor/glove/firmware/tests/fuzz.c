/* Throw a number of mutated frames at the core and watch what must always hold.
 *
 *   fuzz FRAMES SEED
 *
 * Frames of every kind are made with sensible and with wild values, then most are damaged: bits flipped, bytes lost,
 * doubled or put in, two frames run together. Time goes on in between, now and then by leaps. At each step: nothing runs
 * unless armed, no more than four at full together, no finger beyond its duty, the queue within its bounds, and the
 * lease is kept. The sanitizers watch the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_board.h"

static uint64_t random_state;

static uint32_t any(uint32_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16) % below;
}

static hgp_device device;
static uint64_t taken, on_since[HGP_MAX_ACTUATORS], elapsed_us;

static void fail(const char *what) {
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

static void watch_what_must_hold(void) {
    uint32_t total = 0;
    for (uint8_t i = 0; i < HGP_MAX_ACTUATORS; i++) {
        total += board.levels[i];
        on_since[i] = board.levels[i] ? (on_since[i] ? on_since[i] : elapsed_us) : 0;
        if (on_since[i] && elapsed_us - on_since[i] > 5000000) {
            fail("a motor ran for five seconds without a pause");
        }
    }
    if (total > HGP_FULL_ACTUATORS * HGP_FULL_LEVEL) {
        fail("too much together");
    }
    if (total && device.state != HGP_ARMED) {
        fail("a motor runs although it is not armed");
    }
    if (device.motors.count > HGP_QUEUE_LENGTH) {
        fail("the queue is longer than it is");
    }
    if (device.state == HGP_ARMED && board.now - device.lease_from > HGP_LEASE_MAX_MS * 1000u + 10000u) {
        fail("armed beyond its lease");
    }
    if (total && !board.powered) {
        fail("driven without supply");
    }
}

static void pass_us(uint32_t us) {
    while (us) {
        uint32_t step = us < 1000 ? us : 1000;
        board.now += step;
        elapsed_us += step;
        us -= step;
        hgp_poll(&device);
        watch_what_must_hold();
    }
}

static const uint8_t kinds[] = {HGP_HELLO_REQ, HGP_PING,  HGP_PING, HGP_PING,   HGP_ARM,      HGP_ARM,     HGP_STOP_ALL,
                                HGP_PULSE,     HGP_PULSE, HGP_PULSE_AT, HGP_CHORD_AT, HGP_CHORD_AT, HGP_RHYTHM_AT,
                                HGP_CANCEL,    HGP_SET,   HGP_GET,  HGP_SELFTEST, HGP_CLEAR_FAULT, 0x00, 0x55, 0xFF};

static uint8_t payload_for(uint8_t kind, uint8_t *payload) {
    static const uint8_t sizes[][2] = {{HGP_HELLO_REQ, 6}, {HGP_PING, 4},      {HGP_ARM, 5},    {HGP_PULSE, 5},
                                       {HGP_PULSE_AT, 9},  {HGP_CHORD_AT, 10}, {HGP_CANCEL, 4}, {HGP_SET, 5},
                                       {HGP_GET, 1},       {HGP_SELFTEST, 1},  {HGP_CLEAR_FAULT, 4}};
    uint8_t size = kind == HGP_RHYTHM_AT ? (uint8_t)(8 + 2 * any(21)) : (uint8_t)any(4) * (uint8_t)any(13);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size = sizes[i][0] == kind ? sizes[i][1] : size;
    }
    for (uint8_t i = 0; i < size; i++) {
        payload[i] = (uint8_t)(any(3) ? any(12) : any(256));
    }
    if (kind >= HGP_PULSE_AT && kind <= HGP_CANCEL && any(8)) {
        uint32_t time = board.now + any(900000);
        for (uint8_t i = 0; i < 4; i++) {
            payload[i] = (uint8_t)(time >> 8 * i);
        }
    }
    if (kind == HGP_RHYTHM_AT) {
        payload[7] = (uint8_t)((size - 8) / 2);
    }
    if (kind == HGP_ARM && any(4)) {
        const uint8_t sensible[5] = {0xE8, 3, 200, 0xDC, 5};
        memcpy(payload, sensible, 5);
    }
    if (kind == HGP_CLEAR_FAULT && any(2)) {
        const uint8_t own[4] = {0x88, 0x77, 0x66, 0x55};
        memcpy(payload, own, 4);
    }
    return size;
}

static uint16_t damaged(uint8_t *wire, uint16_t count) {
    switch (any(5)) {
        case 0:
            for (uint32_t flips = 1 + any(4); flips; flips--) {
                wire[any(count)] ^= (uint8_t)(1u << any(8));
            }
            return count;
        case 1:
            return (uint16_t)(count - any(count));
        case 2:
            wire[any(count)] = (uint8_t)any(256);
            return count;
        case 3: {
            uint16_t place = (uint16_t)any(count);
            memmove(wire + place + 1, wire + place, (size_t)(count - place));
            return (uint16_t)(count + 1);
        }
        default:
            memcpy(wire + count, wire, count);
            return (uint16_t)(2 * count);
    }
}

static void throw_one(void) {
    uint8_t payload[64], wire[256];
    uint8_t kind = kinds[any(sizeof kinds)];
    uint16_t count = hgp_encode(kind, (uint8_t)any(256), payload, payload_for(kind, payload), wire);
    if (any(4) == 0) {
        count = damaged(wire, count);
    }
    for (uint16_t i = 0; i < count; i++) {
        hgp_receive(&device, wire[i]);
    }
    taken += board.sent_count > 0;
    board.sent_count = 0;
}

static void disturb_the_hardware(void) {
    board.sense.stop_pressed = !any(3);
    board.sense.worn = any(4);
    board.sense.overcurrent = !any(4);
    board.sense.battery = (uint8_t)(any(4) ? 255 : any(101));
    board.stuck = (uint16_t)(any(4) ? 0 : 1);
}

static void calm_the_hardware(void) {
    board.sense.stop_pressed = board.sense.overcurrent = false;
    board.sense.worn = true;
    board.sense.battery = HGP_NO_BATTERY;
    board.stuck = 0;
}

int main(int count, char **words) {
    uint64_t frames = count > 1 ? strtoull(words[1], NULL, 10) : 1000000;
    random_state = 0x9E3779B97F4A7C15ull ^ (count > 2 ? strtoull(words[2], NULL, 10) : 1);
    fake_board_reset();
    fake_identity.onset_ms[3] = 15;
    hgp_init(&device, &fake_identity);
    uint64_t ran = 0;
    for (uint64_t i = 0; i < frames; i++) {
        throw_one();
        watch_what_must_hold();
        if (any(4) == 0) {
            pass_us(any(100) ? any(4000) : any(400000));
        }
        if (i % 5000 == 0) {
            disturb_the_hardware();
        } else if (i % 5000 == 200) {
            calm_the_hardware();
        }
        ran += hgp_board_outputs() != 0;
        if (device.resting) { /* else half of the run would be spent at rest */
            device.rested_ms = HGP_REST_SEC * 1000u;
        }
    }
    printf("%llu frames thrown, %llu answered, motors ran at %llu of the steps, %u pieces were no frame\n",
           (unsigned long long)frames, (unsigned long long)taken, (unsigned long long)ran, device.crc_errors);
    return ran && taken ? 0 : 1;
}
