/* The timed queue and the motors, under the limits. The same machine as tutor/glove/motors.py. */
#ifndef HGP_MOTORS_H
#define HGP_MOTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "hgp_limits.h"

#define HGP_QUEUE_LENGTH 48

/* Motors that go on together. Pending: `at` is when they go on. Running: `at` is when they went on. */
typedef struct {
    uint32_t at;
    uint16_t mask;
    uint16_t length_ms;
    uint8_t level;
    uint8_t early_ms; /* the skin feels it this much after `at` */
    uint8_t sequence;
    bool running;
} hgp_cue;

typedef struct {
    hgp_cue queue[HGP_QUEUE_LENGTH];
    uint8_t count;
    uint8_t actuators;
    uint16_t on;      /* motors that run */
    uint16_t fresh;   /* motors whose next pulse swells */
    uint16_t slewing; /* motors whose pulse swells now */
    uint16_t late;
    uint16_t limited;
    uint32_t purse_us[HGP_MAX_ACTUATORS];
} hgp_motors;

/* Called for each cue that ends, with its times. */
typedef void hgp_ended(void *context, uint8_t sequence, uint32_t on, uint32_t off);

void hgp_motors_init(hgp_motors *motors, uint8_t actuators);
uint16_t hgp_motors_all(const hgp_motors *motors);
uint8_t hgp_motors_room(const hgp_motors *motors);
void hgp_motors_add(hgp_motors *motors, const hgp_cue *cue); /* the caller has looked for room */
void hgp_motors_run(hgp_motors *motors, uint32_t now, hgp_ended *ended, void *context);
void hgp_motors_cancel(hgp_motors *motors, uint32_t from_skin, uint32_t now, hgp_ended *ended, void *context);
void hgp_motors_all_off(hgp_motors *motors, uint32_t now, hgp_ended *ended, void *context);
void hgp_motors_fill_purses(hgp_motors *motors);
void hgp_motors_freshen(hgp_motors *motors);

/* How many microseconds `time` lies after `than`, across the wrap. */
int32_t hgp_later_by(uint32_t time, uint32_t than);

/* Count up, but never round. */
void hgp_count(uint16_t *counter);

#endif
