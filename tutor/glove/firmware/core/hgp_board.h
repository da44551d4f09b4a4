/* What a board gives the core. Every function returns at once. */
#ifndef HGP_BOARD_H
#define HGP_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "hgp_limits.h"

#define HGP_NO_BATTERY 255
#define HGP_NO_TEMPERATURE (-128)

typedef struct {
    uint8_t actuator_class; /* 1 ERM, 2 LRA, 3 piezo, 4 servo */
    uint8_t hands;          /* bit 0 left, bit 1 right */
    uint8_t actuators;
    uint16_t capabilities;
    uint8_t max_rate;
    uint8_t onset_ms[HGP_MAX_ACTUATORS];
    uint64_t uid;
    uint16_t boot_count;
    uint8_t reset_cause;
} hgp_identity;

typedef struct {
    bool stop_pressed;
    bool worn;
    bool overcurrent;
    bool current_flows; /* more than the board alone draws: some motor runs */
    uint8_t battery;    /* per cent, HGP_NO_BATTERY without a sensor */
    int8_t temperature; /* degrees Celsius, HGP_NO_TEMPERATURE without a sensor */
} hgp_sense;

/* Microseconds, modulo 2^32. Starts 8 s before the wrap, so that every glove crosses it soon after it is switched on. */
#define HGP_BOOT_CLOCK_US (0u - 8000000u)
uint32_t hgp_board_now(void);

/* Drive a motor at 1..255, or stop it with 0; the pin changes before this returns. */
void hgp_board_drive(uint8_t actuator, uint8_t level);

/* Connect or cut the supply of all motors. */
void hgp_board_power(bool on);

/* The motors whose pins are on, read back. */
uint16_t hgp_board_outputs(void);

void hgp_board_sense(hgp_sense *sense);

/* Send a whole frame, or nothing where there is no room. */
void hgp_board_send(const uint8_t *wire, uint8_t count);

#endif
