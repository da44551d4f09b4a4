#include "hgp_motors.h"

#include "hgp_board.h"

int32_t hgp_later_by(uint32_t time, uint32_t than) {
    uint32_t apart = time - than;
    return apart & 0x80000000u ? -(int32_t)(~apart) - 1 : (int32_t)apart;
}

void hgp_count(uint16_t *counter) {
    if (*counter < 0xFFFF) {
        (*counter)++;
    }
}

void hgp_motors_init(hgp_motors *motors, uint8_t actuators) {
    motors->count = 0;
    motors->actuators = actuators;
    motors->on = motors->fresh = motors->slewing = 0;
    motors->late = motors->limited = 0;
    for (uint8_t i = 0; i < HGP_MAX_ACTUATORS; i++) {
        motors->purse_us[i] = HGP_PURSE_US;
    }
}

uint16_t hgp_motors_all(const hgp_motors *motors) {
    return (uint16_t)((1ul << motors->actuators) - 1);
}

uint8_t hgp_motors_room(const hgp_motors *motors) {
    return (uint8_t)(HGP_QUEUE_LENGTH - motors->count);
}

void hgp_motors_add(hgp_motors *motors, const hgp_cue *cue) {
    motors->queue[motors->count++] = *cue;
}

void hgp_motors_fill_purses(hgp_motors *motors) {
    for (uint8_t i = 0; i < motors->actuators; i++) {
        uint32_t filled = motors->purse_us[i] + HGP_PURSE_STEP_US;
        motors->purse_us[i] = filled > HGP_PURSE_US ? HGP_PURSE_US : filled;
    }
}

void hgp_motors_freshen(hgp_motors *motors) {
    motors->fresh = hgp_motors_all(motors);
}

static uint32_t off_time(const hgp_cue *cue) {
    return cue->at + (uint32_t)cue->length_ms * 1000;
}

static void forget(hgp_motors *motors, uint8_t place) {
    motors->queue[place] = motors->queue[--motors->count];
}

/* Stop motors of a running cue and give back the touch that they did not use. */
static void switch_off(hgp_motors *motors, const hgp_cue *cue, uint16_t mask, uint32_t now) {
    int32_t unused = hgp_later_by(off_time(cue), now);
    for (uint8_t i = 0; i < motors->actuators; i++) {
        if (mask >> i & 1) {
            hgp_board_drive(i, 0);
            if (unused > 0) {
                uint32_t filled = motors->purse_us[i] + (uint32_t)unused;
                motors->purse_us[i] = filled > HGP_PURSE_US ? HGP_PURSE_US : filled;
            }
        }
    }
    motors->on &= (uint16_t)~mask;
    motors->slewing &= (uint16_t)~mask;
}

static void end(hgp_motors *motors, uint8_t place, uint32_t now, hgp_ended *ended, void *context) {
    hgp_cue cue = motors->queue[place];
    switch_off(motors, &cue, cue.mask, now);
    forget(motors, place);
    ended(context, cue.sequence, cue.at, now);
}

/* The newest cue owns its motors. */
static void take_over(hgp_motors *motors, uint16_t mask, uint32_t now, hgp_ended *ended, void *context) {
    for (uint8_t i = motors->count; i-- > 0;) {
        hgp_cue *older = &motors->queue[i];
        if (!older->running || !(older->mask & mask)) {
            continue;
        }
        if (older->mask & (uint16_t)~mask) {
            switch_off(motors, older, older->mask & mask, now);
            older->mask &= (uint16_t)~mask;
        } else {
            end(motors, i, now, ended, context);
        }
    }
}

/* How long all motors of a cue may run, in whole milliseconds. */
static uint16_t affordable_ms(const hgp_motors *motors, const hgp_cue *cue) {
    uint32_t granted_ms = cue->length_ms;
    for (uint8_t i = 0; i < motors->actuators; i++) {
        if (cue->mask >> i & 1 && motors->purse_us[i] / 1000 < granted_ms) {
            granted_ms = motors->purse_us[i] / 1000;
        }
    }
    return (uint16_t)granted_ms;
}

static void begin(hgp_motors *motors, hgp_cue cue, uint32_t now, hgp_ended *ended, void *context) {
    if (hgp_later_by(now, cue.at) > HGP_LATE_US) {
        hgp_count(&motors->late);
        return;
    }
    uint16_t granted_ms = affordable_ms(motors, &cue);
    if (granted_ms < cue.length_ms) {
        hgp_count(&motors->limited);
    }
    if (granted_ms < HGP_PULSE_MIN_MS) {
        return;
    }
    take_over(motors, cue.mask, now, ended, context);
    for (uint8_t i = 0; i < motors->actuators; i++) {
        if (cue.mask >> i & 1) {
            motors->purse_us[i] -= (uint32_t)granted_ms * 1000;
        }
    }
    motors->on |= cue.mask;
    motors->slewing |= cue.mask & motors->fresh;
    motors->fresh &= (uint16_t)~cue.mask;
    cue.at = now;
    cue.length_ms = granted_ms;
    cue.running = true;
    hgp_motors_add(motors, &cue);
}

/* From a quarter of the level up to all of it over the first milliseconds of a motor's first pulse. */
static uint8_t slewed(uint8_t level, uint32_t elapsed_us) {
    uint32_t ms = elapsed_us / 1000 < HGP_SLEW_MS ? elapsed_us / 1000 : HGP_SLEW_MS;
    uint32_t share = HGP_SLEW_FLOOR + ms * (256 - HGP_SLEW_FLOOR) / HGP_SLEW_MS;
    uint32_t grown = level * share / 256;
    return grown ? (uint8_t)grown : 1;
}

/* Drive what runs: swelling where it swells, and all together with no more than four at full. */
static void drive(hgp_motors *motors, uint32_t now) {
    uint32_t total = 0;
    for (uint8_t place = 0; place < motors->count; place++) {
        const hgp_cue *cue = &motors->queue[place];
        for (uint16_t rest = cue->running ? cue->mask : 0; rest; rest &= (uint16_t)(rest - 1)) {
            total += cue->level;
        }
    }
    const uint32_t budget = HGP_FULL_ACTUATORS * HGP_FULL_LEVEL;
    for (uint8_t place = 0; place < motors->count; place++) {
        const hgp_cue *cue = &motors->queue[place];
        for (uint8_t i = 0; cue->running && i < motors->actuators; i++) {
            if (cue->mask >> i & 1) {
                uint32_t level = motors->slewing >> i & 1 ? slewed(cue->level, now - cue->at) : cue->level;
                level = total > budget ? level * budget / total : level;
                hgp_board_drive(i, level ? (uint8_t)level : 1);
            }
        }
    }
}

void hgp_motors_run(hgp_motors *motors, uint32_t now, hgp_ended *ended, void *context) {
    bool changed = motors->slewing != 0;
    for (uint8_t i = motors->count; i-- > 0;) {
        if (motors->queue[i].running && hgp_later_by(now, off_time(&motors->queue[i])) >= 0) {
            end(motors, i, now, ended, context);
            changed = true;
        }
    }
    for (;;) {
        uint8_t first = motors->count;
        for (uint8_t i = 0; i < motors->count; i++) {
            const hgp_cue *cue = &motors->queue[i];
            if (!cue->running && hgp_later_by(now, cue->at) >= 0 &&
                (first == motors->count || hgp_later_by(motors->queue[first].at, cue->at) > 0)) {
                first = i;
            }
        }
        if (first == motors->count) {
            break;
        }
        hgp_cue cue = motors->queue[first];
        forget(motors, first);
        begin(motors, cue, now, ended, context);
        changed = true;
    }
    if (changed) {
        drive(motors, now);
    }
}

void hgp_motors_cancel(hgp_motors *motors, uint32_t from_skin, uint32_t now, hgp_ended *ended, void *context) {
    for (uint8_t i = motors->count; i-- > 0;) {
        const hgp_cue *cue = &motors->queue[i];
        if (hgp_later_by(cue->at + (uint32_t)cue->early_ms * 1000, from_skin) < 0) {
            continue;
        }
        if (cue->running) {
            end(motors, i, now, ended, context);
        } else {
            forget(motors, i);
        }
    }
}

void hgp_motors_all_off(hgp_motors *motors, uint32_t now, hgp_ended *ended, void *context) {
    for (uint8_t i = 0; i < motors->actuators; i++) {
        hgp_board_drive(i, 0);
    }
    while (motors->count) {
        uint8_t last = (uint8_t)(motors->count - 1);
        if (motors->queue[last].running) {
            end(motors, last, now, ended, context);
        } else {
            forget(motors, last);
        }
    }
}
