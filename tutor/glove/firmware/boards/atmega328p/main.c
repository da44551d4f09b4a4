/* The ATmega328P at 16 MHz with ten ERM motors: pins, one timer, the serial line, the sensors.
 *
 * Timer 1 counts half microseconds and never stops: it is the clock; compare A wakes the loop each
 * millisecond, compare B steps through the eight weights of the motors' bit-angle modulation (a period of 4 ms, and no
 * interrupt at all while no motor runs). A watchdog of 120 ms resets a loop that hangs, and a reset turns every pin off. */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "hgp.h"
#include "pins.h"

#define ERM_ONSET_MS 60
#define TICKS_PER_MS 2000
#define WEIGHT_TICKS 32 /* the lightest of eight weights: 16 microseconds */
#define SOONEST_TICKS 16
#define RX_SIZE 128
#define TX_SIZE 192
#define UBRR_115200 16

/* -- before anything else: no output, no watchdog loop ---------------------------------------------------------------- */

static uint8_t reset_cause __attribute__((section(".noinit")));

void quiet(void) __attribute__((naked, used, section(".init3")));
void quiet(void) {
    PORTD &= (uint8_t)~MOTORS_D;
    PORTB &= (uint8_t) ~(MOTORS_B | SUPPLY_B);
    DDRD |= MOTORS_D;
    DDRB |= MOTORS_B | SUPPLY_B | LED_B;
    reset_cause = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

/* -- clock ------------------------------------------------------------------------------------------------------------ */

ISR(TIMER1_COMPA_vect) {
    OCR1A += TICKS_PER_MS;
}

/* The loop asks each millisecond, so the timer never turns unseen, and no interrupt has to count its turns. */
uint32_t hgp_board_now(void) {
    static uint16_t last, odd;
    static uint32_t now = HGP_BOOT_CLOCK_US;
    uint16_t ticks;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        ticks = TCNT1;
    }
    uint16_t passed = (uint16_t)(ticks - last);
    last = ticks;
    odd += passed & 1;
    now += (passed >> 1) + (odd >> 1);
    odd &= 1;
    return now;
}

/* -- motors ----------------------------------------------------------------------------------------------------------- */

static uint8_t weights_d[8], weights_b[8]; /* which pins are high during each weight */
static uint8_t running_d, running_b;
static volatile uint8_t weight;

static void show_weight(void) {
    PORTD = (uint8_t)((PORTD & ~MOTORS_D) | weights_d[weight]);
    PORTB = (uint8_t)((PORTB & ~MOTORS_B) | weights_b[weight]);
}

/* A compare that is set too late would come a whole turn of the timer later, 33 ms. */
ISR(TIMER1_COMPB_vect) {
    uint16_t next = (uint16_t)(OCR1B + (WEIGHT_TICKS << weight));
    if ((int16_t)(next - TCNT1) < SOONEST_TICKS) {
        next = TCNT1 + SOONEST_TICKS;
    }
    OCR1B = next;
    show_weight();
    weight = (uint8_t)((weight - 1) & 7);
}

static void set_pin(uint8_t *weights, volatile uint8_t *port, uint8_t *running, uint8_t pin, uint8_t level) {
    for (uint8_t i = 0; i < 8; i++) {
        weights[i] = (uint8_t)(level >> i & 1 ? weights[i] | pin : weights[i] & ~pin);
    }
    if (!level) {
        *port &= (uint8_t)~pin;
        *running &= (uint8_t)~pin;
    } else if (!(*running & pin)) {
        *port |= pin; /* at once: the next weight sets what is right */
        *running |= pin;
    }
}

void hgp_board_drive(uint8_t actuator, uint8_t level) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        bool idle = !(running_d | running_b);
        if (actuator < 6) {
            set_pin(weights_d, &PORTD, &running_d, (uint8_t)(4u << actuator), level);
        } else {
            set_pin(weights_b, &PORTB, &running_b, (uint8_t)(1u << (actuator - 6)), level);
        }
        if (!(running_d | running_b)) {
            TIMSK1 &= (uint8_t)~_BV(OCIE1B);
        } else if (idle) {
            weight = 7;
            OCR1B = TCNT1 + WEIGHT_TICKS;
            TIFR1 = _BV(OCF1B);
            TIMSK1 |= _BV(OCIE1B);
        }
    }
}

void hgp_board_power(bool on) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        PORTB = (uint8_t)(on ? PORTB | SUPPLY_B | LED_B : PORTB & ~(SUPPLY_B | LED_B));
    }
}

/* The pins themselves; while the modulation runs they are low now and then, so what should run counts as on. */
uint16_t hgp_board_outputs(void) {
    uint8_t d = (uint8_t)((PIND & MOTORS_D) | running_d), b = (uint8_t)((PINB & MOTORS_B) | running_b);
    return (uint16_t)(d >> 2 | (uint16_t)b << 6);
}

/* -- sensors ---------------------------------------------------------------------------------------------------------- */

static uint16_t current_counts, battery_counts = BATTERY_FULL;

static void measure(uint8_t channel) {
    ADMUX = (uint8_t)(_BV(REFS1) | _BV(REFS0) | channel);
    ADCSRA |= _BV(ADSC);
}

/* Take a finished conversion and start the next: the current nine times of ten, else the battery. */
static void keep_measuring(void) {
    static uint8_t turn;
    if (ADCSRA & _BV(ADSC)) {
        return;
    }
    if ((ADMUX & 0x0F) == CURRENT_CHANNEL) {
        current_counts = ADC;
    } else {
        battery_counts = ADC;
    }
    turn = (uint8_t)((turn + 1) % 10);
    measure(turn ? CURRENT_CHANNEL : BATTERY_CHANNEL);
}

static uint8_t battery_percent(void) {
    if (battery_counts <= BATTERY_EMPTY) {
        return 0;
    }
    uint16_t above = (uint16_t)(battery_counts - BATTERY_EMPTY), range = BATTERY_FULL - BATTERY_EMPTY;
    return above >= range ? 100 : (uint8_t)(above * 100 / range);
}

void hgp_board_sense(hgp_sense *sense) {
    keep_measuring();
    sense->stop_pressed = PINC & STOP_C;
    sense->worn = !(PINC & WORN_C);
    sense->overcurrent = current_counts >= CURRENT_TOO_HIGH;
    sense->current_flows = current_counts >= CURRENT_FLOWS;
    sense->battery = battery_percent();
    sense->temperature = HGP_NO_TEMPERATURE;
}

/* -- serial line ------------------------------------------------------------------------------------------------------ */

static volatile uint8_t rx[RX_SIZE], rx_in, rx_out;
static volatile uint8_t tx[TX_SIZE], tx_in, tx_out;

ISR(USART_RX_vect) {
    uint8_t byte = UDR0, next = (uint8_t)((rx_in + 1) % RX_SIZE);
    if (next != rx_out) { /* a byte without room breaks its frame, and the CRC says so */
        rx[rx_in] = byte;
        rx_in = next;
    }
}

ISR(USART_UDRE_vect) {
    UDR0 = tx[tx_out];
    tx_out = (uint8_t)((tx_out + 1) % TX_SIZE);
    if (tx_out == tx_in) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
    }
}

void hgp_board_send(const uint8_t *wire, uint8_t count) {
    uint8_t used = (uint8_t)((tx_in + TX_SIZE - tx_out) % TX_SIZE);
    if (count >= TX_SIZE - used) {
        return;
    }
    for (uint8_t i = 0; i < count; i++) {
        tx[tx_in] = wire[i];
        tx_in = (uint8_t)((tx_in + 1) % TX_SIZE);
    }
    UCSR0B |= _BV(UDRIE0);
}

/* -- the loop --------------------------------------------------------------------------------------------------------- */

/* What `glove flash` writes and each boot counts up. */
static struct {
    uint64_t uid;
    uint16_t boots;
} stored EEMEM;

static hgp_identity identity = {
    .actuator_class = 1,
    .hands = 3,
    .actuators = ACTUATORS,
    .capabilities = HGP_COMPENSATES_ONSET | HGP_READS_BACK | HGP_STOP_BUTTON | HGP_WEAR_SENSOR | HGP_CURRENT_SENSOR |
                    HGP_BATTERY_SENSOR,
    .max_rate = 100,
};

/* A board that was never told who it is makes itself a name from the noise of its converter. */
static uint64_t noise_uid(void) {
    uint64_t uid = 0x100001b3;
    ADCSRA = _BV(ADEN) | _BV(ADPS1);
    for (uint16_t i = 0; i < 512; i++) {
        measure((uint8_t)(4 + i % 2)); /* A4 and A5 hang in the air */
        while (ADCSRA & _BV(ADSC)) {
        }
        uid = (uid ^ ADC) * 0x100000001b3ull;
    }
    return uid;
}

static void identify(void) {
    for (uint8_t i = 0; i < ACTUATORS; i++) {
        identity.onset_ms[i] = ERM_ONSET_MS;
    }
    eeprom_read_block(&identity.uid, &stored.uid, sizeof identity.uid);
    if (identity.uid == UINT64_MAX || !identity.uid) {
        identity.uid = noise_uid();
        eeprom_update_block(&identity.uid, &stored.uid, sizeof identity.uid);
    }
    identity.boot_count = (uint16_t)(eeprom_read_word(&stored.boots) + 1);
    eeprom_update_word(&stored.boots, identity.boot_count);
    identity.reset_cause = reset_cause;
}

static void start(void) {
    PORTC = STOP_C | WORN_C; /* pull-ups */
    TCCR1B = _BV(CS11);
    OCR1A = TICKS_PER_MS;
    TIMSK1 = _BV(OCIE1A);
    UCSR0A = _BV(U2X0);
    UBRR0 = UBRR_115200;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
    ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
    measure(CURRENT_CHANNEL);
    set_sleep_mode(SLEEP_MODE_IDLE);
    wdt_enable(WDTO_120MS);
    sei();
}

int main(void) {
    static hgp_device device;
    identify();
    start();
    hgp_init(&device, &identity);
    for (;;) {
        wdt_reset();
        while (rx_out != rx_in) {
            uint8_t byte = rx[rx_out];
            rx_out = (uint8_t)((rx_out + 1) % RX_SIZE);
            hgp_receive(&device, byte);
        }
        hgp_poll(&device);
        sleep_mode();
    }
}
