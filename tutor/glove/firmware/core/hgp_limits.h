/* What no glove may do to a hand. The same figures as tutor/glove/limits.py; a test of the project compares the two. */
#ifndef HGP_LIMITS_H
#define HGP_LIMITS_H

#define HGP_LEASE_MIN_MS 200
#define HGP_LEASE_MAX_MS 2000
#define HGP_PULSE_MIN_MS 10
#define HGP_PULSE_MAX_MS 1500
#define HGP_MAX_ACTUATORS 16
#define HGP_FULL_ACTUATORS 4
#define HGP_FULL_LEVEL 255
#define HGP_LATE_US 30000
#define HGP_HORIZON_US 10000000
#define HGP_PURSE_US 2400000
#define HGP_PURSE_STEP_US 24500
#define HGP_PURSE_STEP_MS 100
#define HGP_SLEW_MS 60
#define HGP_SLEW_FLOOR 64
#define HGP_SESSION_SEC 1800
#define HGP_CHILD_SESSION_SEC 900
#define HGP_REST_SEC 300
#define HGP_STOP_CHECK_US 5000

#endif
