/* The ESP32-S3 with ten linear resonators (LRA), each behind a DRV2605L, behind two TCA9548A switches on one I2C bus.
 *
 * NOT TRIED ON HARDWARE, nor built with ESP-IDF. `make check` compiles this file for the host against declarations of
 * the ESP-IDF 5.3 functions that it uses, and runs it with the core on a fake board with the switches and drivers on its
 * bus (tests/test_esp32s3.c). The core is the one that runs on the simulated ATmega328P.
 *
 * The drivers run in real-time playback: what is written to register 0x02 is the strength of the touch until the next
 * write, so a motor starts and stops with one write of about 130 microseconds. The enable line of all drivers is the
 * supply switch: low puts each DRV2605L to standby, whatever is in its registers. The task watchdog resets a loop that
 * hangs, and after a reset the enable line is low. */
#include <string.h>

#include "driver/gpio.h"
#include "driver/i2c_master.h"
#include "driver/usb_serial_jtag.h"
#include "esp_mac.h"
#include "esp_system.h"
#include "esp_task_wdt.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "nvs.h"
#include "nvs_flash.h"

#include "hgp.h"

#define ACTUATORS 10
#define LRA_ONSET_MS 15
#define PIN_SDA GPIO_NUM_8
#define PIN_SCL GPIO_NUM_9
#define PIN_ENABLE GPIO_NUM_4 /* to EN of all DRV2605L, 10 k to ground */
#define PIN_STOP GPIO_NUM_5   /* stop button, normally closed to ground */
#define PIN_WORN GPIO_NUM_6   /* wear switch, closed to ground while the glove is on */
#define BUS_HZ 400000
#define BUS_TIMEOUT_MS 5
#define SWITCH_ADDRESS 0x70 /* left hand; 0x71 the right hand */
#define DRIVER_ADDRESS 0x5A
#define REGISTER_MODE 0x01
#define REGISTER_PLAYBACK 0x02
#define REGISTER_FEEDBACK 0x1A
#define REGISTER_CONTROL3 0x1D
#define MODE_PLAYBACK 0x05
#define FEEDBACK_LRA 0xB6 /* bit 7: a linear resonator */
#define CONTROL3_UNSIGNED 0x08

static i2c_master_bus_handle_t bus;
static i2c_master_dev_handle_t switches[2], driver;
static uint8_t levels[ACTUATORS];
static bool bus_failed;
static hgp_identity identity = {
    .actuator_class = 2,
    .hands = 3,
    .actuators = ACTUATORS,
    .capabilities = HGP_COMPENSATES_ONSET | HGP_READS_BACK | HGP_STOP_BUTTON | HGP_WEAR_SENSOR,
    .max_rate = 100,
};

static bool write_bus(i2c_master_dev_handle_t device, const uint8_t *bytes, size_t count) {
    return i2c_master_transmit(device, bytes, count, BUS_TIMEOUT_MS) == ESP_OK;
}

/* Let only the driver of one actuator hear what follows. */
static bool select_driver(uint8_t actuator) {
    const uint8_t one = (uint8_t)(1u << actuator % 5), none = 0;
    uint8_t hand = actuator / 5;
    return write_bus(switches[1 - hand], &none, 1) && write_bus(switches[hand], &one, 1);
}

static bool set_register(uint8_t actuator, uint8_t address, uint8_t value) {
    const uint8_t bytes[2] = {address, value};
    return select_driver(actuator) && write_bus(driver, bytes, sizeof bytes);
}

uint32_t hgp_board_now(void) {
    return HGP_BOOT_CLOCK_US + (uint32_t)esp_timer_get_time();
}

void hgp_board_drive(uint8_t actuator, uint8_t level) {
    if (actuator >= ACTUATORS || levels[actuator] == level) {
        return;
    }
    levels[actuator] = level;
    if (!set_register(actuator, REGISTER_PLAYBACK, level)) {
        bus_failed = true; /* a driver that cannot be told to stop loses its supply at once */
        gpio_set_level(PIN_ENABLE, 0);
    }
}

static bool start_driver(uint8_t actuator) {
    return set_register(actuator, REGISTER_FEEDBACK, FEEDBACK_LRA) &&
           set_register(actuator, REGISTER_CONTROL3, CONTROL3_UNSIGNED) &&
           set_register(actuator, REGISTER_PLAYBACK, 0) && set_register(actuator, REGISTER_MODE, MODE_PLAYBACK);
}

void hgp_board_power(bool on) {
    if (on && !gpio_get_level(PIN_ENABLE)) {
        gpio_set_level(PIN_ENABLE, 1);
        bus_failed = false;
        for (uint8_t i = 0; i < ACTUATORS; i++) {
            levels[i] = 0;
            bus_failed = !start_driver(i) || bus_failed;
        }
    }
    if (!on || bus_failed) {
        gpio_set_level(PIN_ENABLE, 0);
    }
}

uint16_t hgp_board_outputs(void) {
    uint16_t on = 0;
    for (uint8_t i = 0; i < ACTUATORS && gpio_get_level(PIN_ENABLE); i++) {
        on |= (uint16_t)(levels[i] ? 1u << i : 0u);
    }
    return on;
}

void hgp_board_sense(hgp_sense *sense) {
    sense->stop_pressed = gpio_get_level(PIN_STOP);
    sense->worn = !gpio_get_level(PIN_WORN);
    sense->overcurrent = bus_failed; /* the nearest that this board knows to "the drivers are in trouble" */
    sense->current_flows = hgp_board_outputs() != 0;
    sense->battery = HGP_NO_BATTERY;
    sense->temperature = HGP_NO_TEMPERATURE;
}

void hgp_board_send(const uint8_t *wire, uint8_t count) {
    usb_serial_jtag_write_bytes(wire, count, 0);
}

static void identify(void) {
    nvs_handle_t store;
    uint8_t mac[6] = {0};
    esp_efuse_mac_get_default(mac);
    memcpy(&identity.uid, mac, sizeof mac);
    if (nvs_flash_init() == ESP_OK && nvs_open("glove", NVS_READWRITE, &store) == ESP_OK) {
        nvs_get_u16(store, "boots", &identity.boot_count);
        nvs_set_u16(store, "boots", ++identity.boot_count);
        nvs_commit(store);
        nvs_close(store);
    }
    identity.reset_cause = (uint8_t)esp_reset_reason();
    for (uint8_t i = 0; i < ACTUATORS; i++) {
        identity.onset_ms[i] = LRA_ONSET_MS;
    }
}

static void start_pins(void) {
    gpio_set_level(PIN_ENABLE, 0);
    gpio_set_direction(PIN_ENABLE, GPIO_MODE_INPUT_OUTPUT);
    gpio_set_direction(PIN_STOP, GPIO_MODE_INPUT);
    gpio_set_direction(PIN_WORN, GPIO_MODE_INPUT);
    gpio_pullup_en(PIN_STOP);
    gpio_pullup_en(PIN_WORN);
}

static void start_bus(void) {
    const i2c_master_bus_config_t wires = {
        .i2c_port = I2C_NUM_0,
        .sda_io_num = PIN_SDA,
        .scl_io_num = PIN_SCL,
        .clk_source = I2C_CLK_SRC_DEFAULT,
        .glitch_ignore_cnt = 7,
        .flags.enable_internal_pullup = true,
    };
    i2c_device_config_t device = {.dev_addr_length = I2C_ADDR_BIT_LEN_7, .scl_speed_hz = BUS_HZ};
    ESP_ERROR_CHECK(i2c_new_master_bus(&wires, &bus));
    for (uint8_t hand = 0; hand < 2; hand++) {
        device.device_address = SWITCH_ADDRESS + hand;
        ESP_ERROR_CHECK(i2c_master_bus_add_device(bus, &device, &switches[hand]));
    }
    device.device_address = DRIVER_ADDRESS;
    ESP_ERROR_CHECK(i2c_master_bus_add_device(bus, &device, &driver));
}

void app_main(void) {
    static hgp_device device;
    start_pins();
    usb_serial_jtag_driver_config_t line = {.rx_buffer_size = 1024, .tx_buffer_size = 1024};
    ESP_ERROR_CHECK(usb_serial_jtag_driver_install(&line));
    start_bus();
    identify();
    ESP_ERROR_CHECK(esp_task_wdt_add(NULL));
    hgp_init(&device, &identity);
    for (;;) {
        uint8_t heard[64];
        int count = usb_serial_jtag_read_bytes(heard, sizeof heard, pdMS_TO_TICKS(1));
        for (int i = 0; i < count; i++) {
            hgp_receive(&device, heard[i]);
        }
        hgp_poll(&device);
        esp_task_wdt_reset();
    }
}
