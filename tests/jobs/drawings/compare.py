#!/usr/bin/python3
# Two pictures of 360x270 pixels, three bytes each, on white: compare.py DRAWN BY-HAND SIDE COUNT [X,Y...]
# In each square of SIDE pixels they differ by less than 2 % on average, and by less than a twentieth of what is drawn there, half of it
# in the squares X,Y: text and dashes may be a pixel elsewhere. COUNT squares have something in them. Prints what is not so.
import sys

W, H = 360, 270
drawn, hand = (open(name, "rb").read() for name in sys.argv[1:3])
side, count = int(sys.argv[3]), int(sys.argv[4])
used, bad, worst = 0, 0, 0
for y in range(0, H, side):
    for x in range(0, W, side):
        cuts = [slice(3 * (W * row + x), 3 * (W * row + x + side)) for row in range(y, min(y + side, H))]
        a, b = (b"".join(data[cut] for cut in cuts) for data in (drawn, hand))
        differ = sum(abs(p - q) for p, q in zip(a, b)) / len(a) / 2.55
        ink = (255 - sum(b) / len(b)) / 2.55
        used += ink > 0.3
        worst = max(worst, differ)
        if differ >= 2 or differ > ink / (2 if f"{x},{y}" in sys.argv[5:] else 20) + 0.05:
            bad += 1
            print(f"at {x},{y}: {differ:.2f} % differ, {ink:.2f} % are drawn")
print(f"{used} squares, the worst {worst:.2f} %, {sum(abs(p - q) for p, q in zip(drawn, hand)) / len(hand) / 2.55:.3f} % in all")
sys.exit(bad > 0 or used != count)
