/* Which pin does what on an Arduino Uno, Nano or Pro Mini. Drawn in docs/glove.md.
 *
 *   motors  left thumb D2, index D3, middle D4, ring D5, little D6; right thumb D7, index D8, middle D9, ring D10,
 *           little D11 (each the gate of a logic-level MOSFET with a 10 k pull-down)
 *   D12     supply switch of all motors, high = on (10 k pull-down)
 *   D13     LED, on while armed
 *   A0      current: low-side shunt of 0.5 ohm against the 1.1 V reference
 *   A1      battery: a quarter of its voltage, behind 300 k / 100 k, against 1.1 V
 *   A2      stop button, normally closed to ground (a cut wire stops as the button does)
 *   A3      wear switch, closed to ground while the glove is on; join to ground where there is none
 */
#ifndef PINS_H
#define PINS_H

#define ACTUATORS 10
#define MOTORS_D 0xFC /* PD2..PD7: actuators 0..5 */
#define MOTORS_B 0x0F /* PB0..PB3: actuators 6..9 */
#define SUPPLY_B 0x10 /* PB4 */
#define LED_B 0x20    /* PB5 */
#define STOP_C 0x04   /* PC2 */
#define WORN_C 0x08   /* PC3 */

#define CURRENT_CHANNEL 0
#define BATTERY_CHANNEL 1

/* Counts of the 10-bit converter against 1.1 V; the shunt gives 0.5 mV per mA, so one count is about 2.1 mA. */
#define CURRENT_FLOWS 14  /* 30 mA: some motor runs */
#define CURRENT_TOO_HIGH 560 /* 1.2 A */

/* One lithium cell, 3.3 to 4.2 V, divided by four. */
#define BATTERY_EMPTY 768 /* 3.3 V */
#define BATTERY_FULL 977  /* 4.2 V */

#endif
