/* The ESP32-S3 board file on a fake board: what it writes to the bus, when its motors shake, what cuts their supply. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_idf.h"
#include "hgp.h"

#define ENABLE 4
#define STOP 5

void app_main(void);

static jmp_buf over;
static void (*script)(void);
static uint32_t turn;
static uint8_t sequence;
static int64_t begun_us;
static const char *name;

static void demand(bool true_, const char *what) {
    if (!true_) {
        fprintf(stderr, "%s: %s (turn %u, %lld us)\n", name, what, turn, (long long)esp.now_us);
        exit(1);
    }
}

static void each_turn(void) {
    script();
    turn++;
}

/* Run the board from power-on; the script is called in each turn of its loop and ends it by `end`. */
static void run(const char *said, void (*scripted)(void)) {
    name = said;
    script = scripted;
    turn = 0;
    sequence = 0;
    fake_esp_reset();
    esp.each_turn = each_turn;
    if (!setjmp(over)) {
        app_main();
    }
    printf("%s: good\n", name);
}

static void end(void) {
    longjmp(over, 1);
}

static void say(uint8_t kind, const uint8_t *payload, uint8_t size) {
    uint8_t wire[HGP_MAX_WIRE];
    uint8_t count = hgp_encode(kind, sequence++, payload, size, wire);
    memcpy(esp.to_read + esp.to_read_count, wire, count);
    esp.to_read_count += count;
}

static void arm(uint16_t lease_ms) {
    const uint8_t payload[] = {(uint8_t)lease_ms, (uint8_t)(lease_ms >> 8), 255, 0xDC, 0x05};
    say(HGP_ARM, payload, sizeof payload);
}

static void pulse(uint8_t actuator, uint16_t ms) {
    const uint8_t payload[] = {actuator, 0, 180, (uint8_t)ms, (uint8_t)(ms >> 8)};
    say(HGP_PULSE, payload, sizeof payload);
}

static uint8_t shaking(void) {
    uint8_t count = 0;
    for (uint8_t i = 0; i < DRIVERS; i++) {
        count = (uint8_t)(count + (shakes(i) != 0));
    }
    return count;
}

static void quiet_at_the_start(void) {
    demand(!esp.level[ENABLE], "the supply is on");
    demand(esp.direction[ENABLE] == 3, "the supply switch is no output that can be read back");
    demand(esp.boots == 1, "the boot was not counted");
    if (turn == 200) {
        demand(esp.sent_count > 20, "it did not say who it is");
        end();
    }
}

static void arming_starts_every_driver(void) {
    if (turn == 5) {
        arm(1000);
    }
    if (turn == 30) {
        demand(esp.level[ENABLE], "the supply is off");
        for (uint8_t i = 0; i < DRIVERS; i++) {
            demand(esp.registers[i][0x1A] == 0xB6, "a driver does not know that it drives a resonator");
            demand(esp.registers[i][0x1D] & 0x08, "a driver takes strength for signed");
            demand(esp.registers[i][0x01] == 0x05, "a driver is not in playback");
            demand(!esp.registers[i][0x02], "a driver plays");
        }
        demand(esp.heard_together == 1, "two drivers heard the same write");
        end();
    }
}

static void each_pulse_shakes_its_own_motor(void) {
    static int64_t on_us;
    uint8_t motor = (uint8_t)(turn / 400);
    if (turn == 5) {
        arm(2000);
    }
    if (turn % 400 == 100) {
        say(HGP_PING, (const uint8_t[]){0, 0, 0, 0}, 4);
        pulse(motor, 80);
        on_us = 0;
    }
    if (shaking()) {
        demand(shaking() == 1 && shakes(motor), "another motor shakes");
        on_us = on_us ? on_us : esp.now_us;
    }
    if (turn % 400 == 399) {
        demand(on_us > 0, "its motor never shook");
        demand(!shaking(), "it shakes on");
        if (motor == DRIVERS - 1) {
            demand(esp.heard_together == 1, "two drivers heard the same write");
            end();
        }
    }
}

static void silence_of_the_host_stops_it(void) {
    if (turn == 5) {
        arm(200);
        pulse(3, 1500);
        begun_us = esp.now_us;
    }
    if (turn > 20 && esp.now_us < begun_us + 190000) {
        demand(shakes(3), "the motor does not shake");
    }
    if (esp.now_us > begun_us + 212000) {
        demand(!shaking(), "it shakes although nobody keeps the lease");
        end();
    }
}

static void the_stop_button_cuts_the_supply(void) {
    if (turn == 5) {
        arm(1000);
        pulse(8, 1500);
    }
    if (turn == 50) {
        demand(shakes(8), "the motor does not shake");
        esp.level[STOP] = 1;
    }
    if (turn == 55) {
        demand(!esp.level[ENABLE] && !shaking(), "the supply is on");
        end();
    }
}

static void a_bus_that_fails_cuts_the_supply(void) {
    if (turn == 5) {
        arm(1000);
        pulse(8, 100);
    }
    if (turn == 50) {
        demand(shakes(8), "the motor does not shake");
        esp.bus_broken = true;
    }
    if (turn == 150) {
        demand(!esp.level[ENABLE] && !shaking(), "a driver that cannot be told to stop still has its supply");
        end();
    }
}

static void a_bus_that_is_dead_from_the_start_gives_no_supply(void) {
    esp.bus_broken = true;
    if (turn == 5) {
        arm(1000);
    }
    if (turn == 60) {
        demand(!esp.level[ENABLE], "the supply is on");
        end();
    }
}

int main(void) {
    run("quiet at the start", quiet_at_the_start);
    run("arming starts every driver", arming_starts_every_driver);
    run("each pulse shakes its own motor", each_pulse_shakes_its_own_motor);
    run("silence of the host stops it", silence_of_the_host_stops_it);
    run("the stop button cuts the supply", the_stop_button_cuts_the_supply);
    run("a bus that fails cuts the supply", a_bus_that_fails_cuts_the_supply);
    run("a bus that is dead from the start gives no supply", a_bus_that_is_dead_from_the_start_gives_no_supply);
    return 0;
}
