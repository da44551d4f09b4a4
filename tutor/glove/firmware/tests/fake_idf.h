/* An ESP32-S3 board that exists in memory only: pins, two TCA9548A and ten DRV2605L on one bus, a wire, a clock. */
#ifndef FAKE_IDF_H
#define FAKE_IDF_H

#include <stdbool.h>
#include <stdint.h>

#define DRIVERS 10
#define REGISTERS 0x23

typedef struct {
    int64_t now_us;
    uint8_t level[16], direction[16];
    uint8_t channels[2]; /* what each switch lets through */
    uint8_t registers[DRIVERS][REGISTERS];
    uint8_t heard_together; /* the most drivers that ever heard one write */
    bool bus_broken;
    uint8_t to_read[4096], sent[1 << 16];
    uint32_t to_read_count, sent_count;
    uint16_t boots;
    void (*each_turn)(void); /* called once in each turn of the board's loop */
} fake_esp;

extern fake_esp esp;

/* A board as it is when power comes. */
void fake_esp_reset(void);

/* Whether a motor shakes: its driver is enabled, in real-time playback, and told a strength. */
uint8_t shakes(uint8_t driver);

#endif
