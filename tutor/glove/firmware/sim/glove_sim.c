/* The built firmware on a cycle-accurate ATmega328P (libsimavr), in real time, behind a pseudo-terminal.
 *
 *   glove_sim FIRMWARE.elf [--link PATH] [--uid NUMBER]
 *
 * Prints the port's path, then one JSON object a line as `glove simulate` does: each motor when it has gone off, with the
 * device's time of its pin (on_us, off_us, from the chip's cycles), the same in seconds of the host's monotonic clock
 * (host_time, host_off: when a chip that is never kept waiting would have done it) and when this program really got to
 * it (host_seen). Bytes from the host reach the chip at the pace of 115200 baud. Standard input takes gestures. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <avr_adc.h>
#include <avr_eeprom.h>
#include <avr_extint.h>
#include <avr_ioport.h>
#include <avr_uart.h>
#include <sim_avr.h>
#include <sim_elf.h>

#define HZ 16000000ull
#define CYCLES_PER_BYTE 1389 /* 10 bits at the host's 115200 baud */
#define SLICE_CYCLES 8000    /* half a millisecond */
#define MODULATION_CYCLES 136000 /* two periods of the motors' modulation: a pin low for so long is off */
#define IN_STEP_NS 2000000ll /* a chip that catches up after a pause must not hear now what comes in its future */
#define LONGEST_DEAF_NS 50000000ll /* but on a machine that is always too busy it must hear some time */
#define MOST_BEHIND_NS 1000000000ll
#define ACTUATORS 10
#define SUPPLY_PIN 4
#define STOP_PIN 2
#define WORN_PIN 3
#define STOP_MASK (1u << STOP_PIN)
#define WORN_MASK (1u << WORN_PIN)
#define RUNNING_MV 60
#define OVERCURRENT_MV 800

typedef struct {
    bool on, high;
    avr_cycle_count_t rose, fell, risen, high_cycles;
    double seen;
} motor;

static avr_t *avr;
static motor motors[ACTUATORS];
static bool supply, overcurrent, stuck, deaf, over, xoff, drained = true;
static int master = -1, slave = -1;
static const char *link_path;
static int64_t origin_ns;
static avr_irq_t *uart_in, *current_in, *battery_in;

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static double host_time(avr_cycle_count_t cycle) {
    return (double)origin_ns / 1e9 + (double)cycle / HZ;
}

/* -- motors ----------------------------------------------------------------------------------------------------------- */

static void show_current(void) {
    bool flows = supply && stuck;
    for (int i = 0; i < ACTUATORS; i++) {
        flows = flows || (supply && motors[i].high);
    }
    avr_raise_irq(current_in, overcurrent ? OVERCURRENT_MV : flows ? RUNNING_MV : 0);
}

static void on_motor_pin(struct avr_irq_t *irq, uint32_t value, void *parameter) {
    (void)irq;
    motor *changed = parameter;
    if (value && !changed->high) {
        changed->risen = avr->cycle;
        if (!changed->on) {
            changed->on = true;
            changed->rose = avr->cycle;
            changed->high_cycles = 0;
            changed->seen = (double)now_ns() / 1e9;
        }
    } else if (!value && changed->high) {
        changed->fell = avr->cycle;
        changed->high_cycles += avr->cycle - changed->risen;
    }
    changed->high = value;
    show_current();
}

static void on_supply_pin(struct avr_irq_t *irq, uint32_t value, void *parameter) {
    (void)irq;
    (void)parameter;
    supply = value;
    show_current();
}

static void tell_motors(void) {
    for (int i = 0; i < ACTUATORS; i++) {
        motor *told = &motors[i];
        if (!told->on || told->high || avr->cycle - told->fell < MODULATION_CYCLES) {
            continue;
        }
        told->on = false;
        double share = (double)told->high_cycles / (double)(told->fell - told->rose);
        printf("{\"event\": \"motor\", \"actuator\": %d, \"level\": %d, \"on_us\": %.1f, \"off_us\": %.1f, "
               "\"host_time\": %.6f, \"host_off\": %.6f, \"host_seen\": %.6f}\n",
               i, (int)(share * 255 + 0.5), (double)told->rose * 1e6 / HZ, (double)told->fell * 1e6 / HZ,
               host_time(told->rose), host_time(told->fell), told->seen);
        fflush(stdout);
    }
}

static void watch_pins(void) {
    for (int i = 0; i < ACTUATORS; i++) {
        char port = i < 6 ? 'D' : 'B';
        int pin = i < 6 ? i + 2 : i - 6;
        avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(port), pin), on_motor_pin, &motors[i]);
    }
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), SUPPLY_PIN), on_supply_pin, NULL);
    current_in = avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0);
    battery_in = avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC1);
}

/* What is wired to a pin of port C goes before the chip's own pull-up. */
static void set_switch(int pin, bool high) {
    static avr_ioport_external_t wired = {.name = 'C', .mask = STOP_MASK | WORN_MASK};
    wired.value = high ? wired.value | 1u << pin : wired.value & ~(1u << pin);
    avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('C'), &wired);
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('C'), pin), high);
}

static void set_battery(int percent) {
    avr_raise_irq(battery_in, (uint32_t)((768 + 209 * percent / 100 + 1) * 1100 / 1023));
}

/* -- line ------------------------------------------------------------------------------------------------------------- */

static void plug(void) {
    char path[128];
    struct termios raw;
    if (openpty(&master, &slave, path, NULL, NULL)) {
        perror("glove_sim: no pseudo-terminal");
        exit(3);
    }
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    fcntl(master, F_SETFL, O_NONBLOCK);
    if (link_path) {
        unlink(link_path);
        if (symlink(path, link_path)) {
            perror("glove_sim: no link");
        }
    }
    static bool plugged_before;
    const char *told = link_path ? link_path : path;
    if (plugged_before) {
        printf("{\"event\": \"plugged\", \"port\": \"%s\"}\n", told);
    } else {
        printf("%s\n", told);
    }
    plugged_before = true;
    fflush(stdout);
}

static void unplug(void) {
    close(master);
    close(slave);
    master = slave = -1;
    if (link_path) {
        unlink(link_path);
    }
}

static void on_uart_out(struct avr_irq_t *irq, uint32_t value, void *parameter) {
    (void)irq;
    (void)parameter;
    uint8_t byte = (uint8_t)value;
    if (master >= 0 && write(master, &byte, 1) < 0) {
        return; /* nobody reads: what a serial line cannot deliver is lost */
    }
}

static void on_xon(struct avr_irq_t *irq, uint32_t value, void *parameter) {
    (void)irq;
    (void)parameter;
    xoff = !value;
}

static void on_xoff(struct avr_irq_t *irq, uint32_t value, void *parameter) {
    (void)irq;
    (void)parameter;
    xoff = value;
}

static void connect_uart(void) {
    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POOL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    uart_in = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_uart_out, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), on_xon, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), on_xoff, NULL);
}

/* One byte for each byte's time that has passed. */
static void feed_uart(void) {
    static avr_cycle_count_t fed_until;
    if (avr->cycle - fed_until > 16 * CYCLES_PER_BYTE) {
        fed_until = avr->cycle - CYCLES_PER_BYTE;
    }
    while (!xoff && !deaf && master >= 0 && fed_until + CYCLES_PER_BYTE <= avr->cycle) {
        uint8_t byte;
        drained = read(master, &byte, 1) != 1;
        if (drained) {
            return;
        }
        fed_until += CYCLES_PER_BYTE;
        avr_raise_irq(uart_in, byte);
    }
}

/* -- a person's hands -------------------------------------------------------------------------------------------------- */

static void gesture(char *line) {
    char *value = strchr(line, ' ');
    int number = 0;
    if (value) {
        *value++ = 0;
        number = atoi(value);
    }
    if (!strcmp(line, "stop")) {
        set_switch(STOP_PIN, number == 1);
    } else if (!strcmp(line, "worn")) {
        set_switch(WORN_PIN, number != 1);
    } else if (!strcmp(line, "overcurrent")) {
        overcurrent = number == 1;
        show_current();
    } else if (!strcmp(line, "stuck")) {
        stuck = number;
        show_current();
    } else if (!strcmp(line, "battery")) {
        set_battery(number);
    } else if (!strcmp(line, "deaf")) {
        deaf = number == 1;
    } else if (!strcmp(line, "unplug") && master >= 0) {
        unplug();
    } else if (!strcmp(line, "plug") && master < 0) {
        plug();
    } else if (!strcmp(line, "reboot")) {
        avr_reset(avr);
        printf("{\"event\": \"reboot\"}\n");
        fflush(stdout);
    } else if (!strcmp(line, "quit")) {
        over = true;
    }
}

/* Whether there will be more. */
static bool read_gestures(void) {
    static char line[128];
    static size_t length;
    ssize_t got = read(STDIN_FILENO, line + length, sizeof line - 1 - length);
    if (got <= 0) {
        struct stat source;
        over = !fstat(STDIN_FILENO, &source) && S_ISFIFO(source.st_mode); /* whoever held the pipe is gone */
        return false;
    }
    length += (size_t)got;
    line[length] = 0;
    for (char *end; (end = strchr(line, '\n'));) {
        *end = 0;
        gesture(line);
        length -= (size_t)(end + 1 - line);
        memmove(line, end + 1, length + 1);
    }
    return true;
}

/* -- time -------------------------------------------------------------------------------------------------------------- */

static avr_cycle_count_t on_slice(struct avr_t *chip, avr_cycle_count_t when, void *parameter) {
    (void)chip;
    (void)parameter;
    return when + SLICE_CYCLES;
}

/* A sleeping chip does not wait here: the slices do, and its cycles go on to the next timer. */
static void on_sleep(struct avr_t *chip, avr_cycle_count_t cycles) {
    (void)chip;
    (void)cycles;
}

static void wait_for_input(bool *hands, int64_t wait_ns) {
    struct pollfd sources[2] = {{.fd = *hands ? STDIN_FILENO : -1, .events = POLLIN},
                                {.fd = deaf || xoff || !drained ? -1 : master, .events = POLLIN}};
    struct timespec wait = {0, wait_ns};
    ppoll(sources, 2, &wait, NULL);
    if (sources[0].revents) {
        *hands = read_gestures();
    }
}

static void live(void) {
    bool hands = true;
    int64_t heard_ns = now_ns();
    origin_ns = now_ns();
    avr_cycle_timer_register(avr, SLICE_CYCLES, on_slice, NULL);
    while (!over) {
        int64_t behind_ns = now_ns() - origin_ns - (int64_t)(avr->cycle * 1000 / 16);
        if (behind_ns > MOST_BEHIND_NS) {
            printf("{\"event\": \"lag\", \"sec\": %.3f}\n", (double)behind_ns / 1e9);
            origin_ns += behind_ns;
        }
        if (behind_ns < 0) {
            wait_for_input(&hands, -behind_ns);
        }
        avr_cycle_count_t due = (avr_cycle_count_t)((now_ns() - origin_ns) * 16 / 1000);
        if (behind_ns < IN_STEP_NS || now_ns() - heard_ns > LONGEST_DEAF_NS) {
            feed_uart();
            heard_ns = now_ns();
        }
        avr_cycle_count_t until = avr->cycle + SLICE_CYCLES;
        until = due < until ? due : until;
        int state = cpu_Running;
        do {
            state = avr_run(avr);
        } while (avr->cycle < until && state != cpu_Done && state != cpu_Crashed);
        if (state == cpu_Done || state == cpu_Crashed) {
            printf("{\"event\": \"crash\"}\n");
            exit(1);
        }
        tell_motors();
    }
}

static void on_signal(int number) {
    (void)number;
    over = true;
}

static void on_log(struct avr_t *chip, const int level, const char *format, va_list words) {
    (void)chip;
    if (level <= LOG_ERROR) {
        vfprintf(stderr, format, words);
    }
}

static avr_t *chip_with(const char *firmware) {
    elf_firmware_t elf = {0};
    avr_global_logger_set(on_log); /* its own writes to standard output */
    if (elf_read_firmware(firmware, &elf)) {
        fprintf(stderr, "glove_sim: %s: this is no firmware\n", firmware);
        exit(2);
    }
    avr_t *chip = avr_make_mcu_by_name("atmega328p");
    avr_init(chip);
    elf.frequency = HZ;
    elf.vcc = elf.avcc = elf.aref = 5000;
    avr_load_firmware(chip, &elf);
    for (uint8_t line = 0; line < 2; line++) {
        avr_extint_set_strict_lvl_trig(chip, line, 0); /* else a low D2 or D3 is polled at each cycle */
    }
    return chip;
}

static void write_uid(uint64_t uid) {
    avr_eeprom_desc_t stored = {.ee = (uint8_t *)&uid, .offset = 0, .size = sizeof uid};
    avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &stored);
}

int main(int count, char **words) {
    uint64_t uid = 0xDACA000000000328ull;
    if (count < 2) {
        fprintf(stderr, "usage: glove_sim FIRMWARE.elf [--link PATH] [--uid NUMBER]\n");
        return 2;
    }
    for (int i = 2; i + 1 < count; i += 2) {
        if (!strcmp(words[i], "--link")) {
            link_path = words[i + 1];
        } else if (!strcmp(words[i], "--uid")) {
            uid = strtoull(words[i + 1], NULL, 0);
        }
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    avr = chip_with(words[1]);
    avr->sleep = on_sleep;
    write_uid(uid);
    connect_uart();
    watch_pins();
    set_switch(STOP_PIN, false);
    set_switch(WORN_PIN, false);
    set_battery(80);
    plug();
    live();
    if (master >= 0) {
        unplug();
    }
    avr_terminate(avr);
    return 0;
}
