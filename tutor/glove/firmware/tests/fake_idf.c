#include "fake_idf.h"

#include <string.h>

#include "idf.h"

#define ENABLE 4
#define DRIVER 0x5A
#define SWITCH 0x70

fake_esp esp;
static struct i2c_master_dev_t {
    uint16_t address;
} devices[4];
static uint8_t device_count;

void fake_esp_reset(void) {
    memset(&esp, 0, sizeof esp);
    device_count = 0;
    for (uint8_t i = 0; i < DRIVERS; i++) {
        esp.registers[i][0x01] = 0x40; /* standby */
    }
}

uint8_t shakes(uint8_t driver) {
    return esp.level[ENABLE] && esp.registers[driver][0x01] == 0x05 ? esp.registers[driver][0x02] : 0;
}

esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level) {
    esp.level[pin] = level != 0;
    return ESP_OK;
}

int gpio_get_level(gpio_num_t pin) {
    return esp.level[pin];
}

esp_err_t gpio_set_direction(gpio_num_t pin, gpio_mode_t mode) {
    esp.direction[pin] = (uint8_t)mode;
    return ESP_OK;
}

esp_err_t gpio_pullup_en(gpio_num_t pin) {
    (void)pin;
    return ESP_OK;
}

esp_err_t i2c_new_master_bus(const i2c_master_bus_config_t *config, i2c_master_bus_handle_t *bus) {
    *bus = NULL;
    return config->sda_io_num == config->scl_io_num ? ESP_FAIL : ESP_OK;
}

esp_err_t i2c_master_bus_add_device(i2c_master_bus_handle_t bus, const i2c_device_config_t *config,
                                    i2c_master_dev_handle_t *device) {
    (void)bus;
    devices[device_count].address = config->device_address;
    *device = &devices[device_count++];
    return ESP_OK;
}

/* Every driver behind an open channel hears what is written to the drivers' address. */
static void write_drivers(const uint8_t *bytes) {
    uint8_t heard = 0;
    for (uint8_t i = 0; i < DRIVERS; i++) {
        if (esp.channels[i / 5] >> i % 5 & 1) {
            esp.registers[i][bytes[0]] = bytes[1];
            heard++;
        }
    }
    esp.heard_together = heard > esp.heard_together ? heard : esp.heard_together;
}

esp_err_t i2c_master_transmit(i2c_master_dev_handle_t device, const uint8_t *bytes, size_t count, int timeout_ms) {
    (void)timeout_ms;
    if (esp.bus_broken) {
        return ESP_FAIL;
    }
    esp.now_us += 25 * (int64_t)(count + 1); /* nine bits a byte at 400 kHz */
    if (device->address == DRIVER) {
        write_drivers(bytes);
    } else {
        esp.channels[device->address - SWITCH] = bytes[0];
    }
    return ESP_OK;
}

esp_err_t usb_serial_jtag_driver_install(usb_serial_jtag_driver_config_t *config) {
    return config->rx_buffer_size ? ESP_OK : ESP_FAIL;
}

int usb_serial_jtag_read_bytes(void *bytes, uint32_t length, TickType_t ticks) {
    uint32_t count = esp.to_read_count < length ? esp.to_read_count : length;
    memcpy(bytes, esp.to_read, count);
    memmove(esp.to_read, esp.to_read + count, esp.to_read_count - count);
    esp.to_read_count -= count;
    esp.now_us += count ? 50 : (int64_t)ticks * 1000;
    return (int)count;
}

int usb_serial_jtag_write_bytes(const void *bytes, size_t size, TickType_t ticks) {
    (void)ticks;
    memcpy(esp.sent + esp.sent_count, bytes, size);
    esp.sent_count += (uint32_t)size;
    return (int)size;
}

esp_reset_reason_t esp_reset_reason(void) {
    return ESP_RST_POWERON;
}

esp_err_t esp_efuse_mac_get_default(uint8_t *mac) {
    memcpy(mac, "\x01\x02\x03\x04\x05\x06", 6);
    return ESP_OK;
}

int64_t esp_timer_get_time(void) {
    return esp.now_us;
}

esp_err_t esp_task_wdt_add(TaskHandle_t task) {
    (void)task;
    return ESP_OK;
}

esp_err_t esp_task_wdt_reset(void) {
    esp.each_turn();
    return ESP_OK;
}

esp_err_t nvs_flash_init(void) {
    return ESP_OK;
}

esp_err_t nvs_open(const char *space, nvs_open_mode_t mode, nvs_handle_t *handle) {
    (void)space;
    (void)mode;
    *handle = 1;
    return ESP_OK;
}

esp_err_t nvs_get_u16(nvs_handle_t handle, const char *key, uint16_t *value) {
    (void)handle;
    (void)key;
    *value = esp.boots;
    return ESP_OK;
}

esp_err_t nvs_set_u16(nvs_handle_t handle, const char *key, uint16_t value) {
    (void)handle;
    (void)key;
    esp.boots = value;
    return ESP_OK;
}

esp_err_t nvs_commit(nvs_handle_t handle) {
    (void)handle;
    return ESP_OK;
}

void nvs_close(nvs_handle_t handle) {
    (void)handle;
}
