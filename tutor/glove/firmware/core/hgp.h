/* A glove that speaks HGP/1: states, lease, faults and answers. The same machine as tutor/glove/simulator.py.
 *
 * BOOT (the board has its outputs off before it calls hgp_init) -> SAFE -> ARMED -> SAFE on lapse, stop or bad power;
 * or FAULT, latched until CLEAR_FAULT. No dynamic memory, no recursion, no waiting. */
#ifndef HGP_H
#define HGP_H

#include "hgp_board.h"
#include "hgp_frame.h"
#include "hgp_motors.h"

enum {
    HGP_HELLO_REQ = 0x01,
    HGP_PING = 0x02,
    HGP_ARM = 0x03,
    HGP_STOP_ALL = 0x04,
    HGP_PULSE = 0x10,
    HGP_PULSE_AT = 0x11,
    HGP_CHORD_AT = 0x12,
    HGP_RHYTHM_AT = 0x13,
    HGP_CANCEL = 0x14,
    HGP_SET = 0x20,
    HGP_GET = 0x21,
    HGP_SELFTEST = 0x22,
    HGP_CLEAR_FAULT = 0x23,
    HGP_HELLO = 0x81,
    HGP_PONG = 0x82,
    HGP_ACK = 0x83,
    HGP_NACK = 0x84,
    HGP_STATUS = 0x85,
    HGP_EVENT = 0x86,
    HGP_DONE = 0x87
};

enum { HGP_OK, HGP_BAD_ARG, HGP_NOT_ARMED, HGP_LATE, HGP_QUEUE_FULL, HGP_LIMITED, HGP_FAULTY, HGP_UNKNOWN };
enum { HGP_SAFE = 1, HGP_ARMED = 2, HGP_FAULT = 3 };
enum { HGP_FAULT_ESTOP = 1, HGP_FAULT_OVERCURRENT = 2, HGP_FAULT_STOP_UNVERIFIED = 4 };
enum {
    HGP_EVENT_ESTOP = 1,
    HGP_EVENT_GLOVE_OFF,
    HGP_EVENT_OVERCURRENT,
    HGP_EVENT_STOP_UNVERIFIED,
    HGP_EVENT_LEASE_LAPSED,
    HGP_EVENT_REST_DUE,
    HGP_EVENT_LOW_BATTERY
};
enum { HGP_KEY_CHILD = 1, HGP_KEY_OUTPUTS, HGP_KEY_SESSION_LEFT_S, HGP_KEY_REST_LEFT_S };
enum {
    HGP_COMPENSATES_ONSET = 1,
    HGP_READS_BACK = 2,
    HGP_STOP_BUTTON = 4,
    HGP_WEAR_SENSOR = 8,
    HGP_CURRENT_SENSOR = 16,
    HGP_BATTERY_SENSOR = 32
};

#define HGP_REMEMBERED 8
#define HGP_LOW_BATTERY 5

typedef struct {
    uint8_t sequence;
    uint8_t kind;
    uint8_t code;
} hgp_answered;

typedef struct {
    const hgp_identity *identity;
    hgp_gatherer gatherer;
    hgp_motors motors;
    hgp_answered remembered[HGP_REMEMBERED];
    uint8_t remembered_next;
    uint8_t state;
    uint8_t faults;
    uint8_t sequence;
    uint8_t max_level;
    uint16_t max_on_ms;
    uint16_t lease_ms;
    uint16_t crc_errors;
    uint32_t lease_from;
    uint32_t status_at;
    uint32_t step_at;
    uint32_t stop_check_at;
    uint32_t armed_ms;
    uint32_t rested_ms;
    bool stop_check;
    bool child;
    bool resting;
} hgp_device;

void hgp_init(hgp_device *device, const hgp_identity *identity);

/* Take one byte from the host. */
void hgp_receive(hgp_device *device, uint8_t byte);

/* Let time pass; call it at least each millisecond. */
void hgp_poll(hgp_device *device);

#endif
