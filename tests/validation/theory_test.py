"""The closed forms against the numbers of VALIDATION.md, which come from other programs."""
import math

import theory


def checks():
    """(Case, what, published number, computed here)."""
    for (slots, lam), numbers in {(2, 1.6): (.711111, 1.777778, 2.777778), (4, 3.6): (.787753, 1.969383, 2.969383),
                                  (10, 8): (.409180, .204590, 1.204590), (16, 14): (.508482, .254241, 1.254241),
                                  (100, 95): (.506457, .101291, 1.101291)}.items():
        for what, number, got in zip(("P(wait)", "Wq", "T"), numbers, theory.mmc(slots, lam)):
            yield "Q02", f"c={slots} {what}", number, got
    for (slots, lam), number in {(2, 1.6): 11.9374, (4, 3.6): 12.1932, (10, 8): 4.9461, (16, 14): 5.0140, (100, 95): 4.7244}.items():
        yield "Q02", f"c={slots} p99(T)", number, theory.mmc_time_quantile(slots, lam, .99)
    yield "Q02", "c=10 p99(Wq)", 1.8558, theory.mmc_wait_quantile(10, 8, .99)
    yield "Q02", "c=16 p99(Wq)", 1.9644, theory.mmc_wait_quantile(16, 14, .99)
    for slots, offered, number in ((5, 3, .11005435), (10, 8, .12166106), (100, 90, .02695738)):
        yield "Q03", f"c={slots} B", number, theory.erlang_b(slots, offered)
    for arguments, numbers in (((.9, 1, 10), (.05081373, 3.969441, 4.646601, .854268)), ((1.2, 1, 10), (.19258650, 6.710709, 6.926138)),
                               ((12, 10, 20), (.17966592, None, 1.635969, 9.844009))):
        for what, number, got in zip(("loss", "L", "E[T|accepted]", "throughput"), numbers, theory.finite_queue(*arguments)):
            if number is not None:
                yield "Q04", f"{arguments} {what}", number, got
    yield "Q05", "lognormal .5", 1.359141, theory.pollaczek_khinchine(.5, math.e - 1)
    for rho, sigma in ((.5, .203188), (.8, .628630), (.9, .806900)):
        yield "Q07", f"sigma {rho}", sigma, theory.gim1_sigma(lambda x: math.exp(-x / rho))
    for rates, waits in (((.3, .5), (1.142857, 5.714286)), ((.2, .3, .4), (1.125, 2.25, 18.0))):
        for number, got in zip(waits, theory.cobham(rates)):
            yield "Q10", f"{rates} Wq", number, got
    slow = {1: (.052480, 4.055), 3: (.151516, 4.799825), 5: (.240466, 5.793), 10: (.400205, 9.987218), 20: (.474516, 27.148181), 50: (.476190, 90.0)}
    for users, numbers in slow.items():
        for what, number, got in zip("XR", numbers, theory.mva((.605, 2.1, 1.35), 15, users)):
            yield "Q12", f"N={users} {what}", number, got
    for users, number in ((10, .040240), (25, .054380), (50, .134058), (75, .500661), (100, 1.0), (200, 3.0)):
        yield "Q12", f"N={users} R", number, theory.mva((.010, .020, .005), 1, users)[1]
    yield "Q12", "N=50 queue of .020", 4.8561, theory.mva((.010, .020, .005), 1, 50)[2][1]
    for what, number, got in zip(("P(abandon)", "L queue", "utilisation", "P(wait)"), (.056325, 50 * .056325, .943675, .518808), theory.erlang_a(50, 50, 1)):
        yield "Q15", f"c=50 {what}", number, got
    for what, number, got in zip(("P(abandon)", "L queue", "utilisation", "P(wait)"), (.366204, .878890, .760555, .760555), theory.erlang_a(1.2, 1, .5)):
        yield "Q15", f"c=1 {what}", number, got
    for n, rho, number in ((2, .5, 2.875), (2, .8, 7.0), (2, .9, 13.875), (8, .5, 4.7848), (8, .8, 11.0300), (32, .5, 6.8872)):
        yield "Q20", f"n={n} {rho}", number, theory.fork_join(n, rho)
    for load, numbers in ((.5, (2, 1.2657, 1.1252, None, 1.0313)), (.7, (None, 1.6145, 1.3568, None, 1.1681)),
                          (.9, (10, 2.6141, 2.0279, None, 1.6329)), (.95, (None, 3.3830, 2.5351, None, 1.9888))):
        for choices, number in enumerate(numbers, 1):
            if number is not None:
                yield "B01", f"d={choices} {load}", number, theory.supermarket(load, choices)
    for load, number in ((.5, 1.426321), (.7, 2.108197)):
        yield "B04", f"two queues {load}", number, theory.two_queues(load, 1)
    for what, number, got in zip(("E[down]", "repairs/s", "P(all up)"), (.63952177, .43604782, .56395218), theory.repairmen(5, 1, .1, 1)):
        yield "F02", f"N=5 {what}", number, got
    down, _, _, time = theory.repairmen(10, 2, .1, 1)
    yield "F02", "N=10 E[down]", 1.03863782, down
    yield "F02", "N=10 time down", 1.159018, time
    for degrees, number in ((1, 12.706205), (9, 2.262157), (19, 2.093024), (29, 2.045230)):
        yield "Student", f"{degrees} degrees", number, theory.student(degrees)
