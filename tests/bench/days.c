/* SPDX-License-Identifier: ISC */
/* Days of meetings for tests/bench/replay: drawn with a fixed seed, placed by other balancers' rules, and by a search that knows the
 * whole day. What is drawn stands in the table of kinds. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX   20
#define LESSONS_MAX 30000
#define HISTORY_MAX 3
#define SLOTS	    840	  /* minutes, from 6:00 on */
#define FIRST_S	    21600 /* 6:00 */
#define RULES_MAX   16
#define MINUTE	    60.0
#define NO_SHOW	    0.1
#define NEW_ROOM    0.05 /* of a day's lessons: in a room that was never there before */
#define SPREAD	    0.3	 /* a session's size is its room's times 0.7 to 1.3, evenly */

/* A crowd of rooms: kinds of days are made of them. Sizes are lognormal, cut to low and high. */
struct crowd {
	const char *name;
	double median, sigma, low, high;
	double often;		  /* the probability that a room has a lesson at one of its times */
	int first, last, step;	  /* minutes of the day at which lessons are meant to begin */
	double before, after;	  /* minutes: it is made so long before that until so long after, evenly */
	double fill;		  /* minutes in which its people come */
	double shortest, longest; /* minutes */
};
enum { CLASSES, LECTURES, FIRMS, SCHOOL, HALLS, CROWDS };
static const struct crowd crowds[CROWDS] = {
	[CLASSES] = {"classes", 18, 0.7, 2, 60, 0.35, 480, 720, 60, 5, 2, 8, 45, 54},
	[LECTURES] = {"lectures", 200, 0.4, 100, 400, 0.35, 480, 720, 60, 5, 2, 8, 45, 54},
	[FIRMS] = {"firms", 6, 0.6, 2, 40, 0.12, 480, 720, 15, 3, 3, 3, 25, 65},
	[SCHOOL] = {"school", 22, 0.25, 8, 34, 0.6, 480, 720, 60, 1, 1, 4, 40, 50},
	[HALLS] = {"halls", 120, 0.6, 50, 400, 0.4, 480, 720, 120, 5, 2, 12, 80, 95},
};

/* A kind of day. */
struct kind {
	const char *name;
	int nodes, strong; /* so many of the nodes have twice the weight */
	int poll;	   /* seconds */
	int rooms[CROWDS];
	int exam;	/* rooms of 30, never seen before, at ten o'clock at once */
	bool on_minute; /* all lessons are made within the minute before, and filled two minutes later */
	bool is_young; /* history is of the two days before, which have timetables of their own; else of this weekday, three weeks */
	bool absent; /* history is of rooms that do not come, and those that come have none */
	int late;    /* seconds that the whole day is later than its history */
};
static const struct kind kinds[] = {
	{.name = "replay", .nodes = 20, .poll = 60, .rooms = {[CLASSES] = 970, [LECTURES] = 30}},
	{.name = "school", .nodes = 10, .poll = 60, .rooms = {[SCHOOL] = 300}},
	{.name = "uni", .nodes = 10, .poll = 60, .rooms = {[HALLS] = 120}},
	{.name = "mixed", .nodes = 12, .poll = 60, .rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150}},
	{.name = "exam",
		.nodes = 12,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150},
		.exam = 30},
	{.name = "mixed5", .nodes = 5, .poll = 60, .rooms = {[SCHOOL] = 70, [HALLS] = 20, [FIRMS] = 70}},
	{.name = "weights",
		.nodes = 12,
		.strong = 4,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150}},
	{.name = "bursty",
		.nodes = 12,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150},
		.on_minute = true},
	{.name = "week1",
		.nodes = 12,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150},
		.is_young = true},
	{.name = "absent",
		.nodes = 12,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150},
		.absent = true},
	{.name = "shifted",
		.nodes = 12,
		.poll = 60,
		.rooms = {[SCHOOL] = 150, [HALLS] = 40, [FIRMS] = 150},
		.late = 7200},
};

struct lesson {
	int ago;		      /* days before the day that is measured; 0: it is of that day */
	int crowd, room;	      /* rooms of different crowds have different numbers */
	double made, from, full, end; /* seconds of the day; people come evenly between from and full */
	int size;
};
static struct lesson lessons[LESSONS_MAX];
static int lesson_count, today; /* those of the day that is measured come first */
static const struct kind *kind;
static double weight[NODES_MAX];
static int next_room;

static uint64_t seed;
static double chance(void) /* from 0 to below 1 (splitmix64) */
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double normal(void)
{
	return sqrt(-2 * log(1 - chance())) * cos(2 * M_PI * chance());
}

static void add_lesson(int ago, int crowd, int room, double size, double meant)
{
	const struct crowd *c = &crowds[crowd];
	struct lesson *l = &lessons[lesson_count];
	double made = meant +
		      (kind->on_minute ? -chance() : chance() * (c->before + c->after) - c->before) * MINUTE;
	double length = (c->shortest + chance() * (c->longest - c->shortest)) * MINUTE;
	double people = size * (1 + SPREAD * (2 * chance() - 1));

	if (chance() < NO_SHOW || lesson_count == LESSONS_MAX)
		return;
	*l = (struct lesson){.ago = ago, .crowd = crowd, .room = room, .made = made, .from = made};
	l->full = made + (kind->on_minute ? 2 : c->fill) * MINUTE;
	l->end = meant + length;
	l->size = people < 1 ? 1 : (int)lround(people);
	lesson_count++;
}

/* All lessons of a room: it keeps its timetable, but for a kind that is young. */
static void add_room(int crowd, const int *days, int day_count)
{
	const struct crowd *c = &crowds[crowd];
	double size = fmin(c->high, fmax(c->low, c->median * exp(c->sigma * normal())));
	int room = next_room++, free[HISTORY_MAX + 1] = {0}; /* until then the last lesson may take */

	for (int at = c->first; at <= c->last; at += c->step) {
		bool has = chance() < c->often;

		for (int d = 0; d < day_count; d++) {
			if (kind->is_young && d > 0)
				has = chance() < c->often;
			if (!has || at - c->before < free[d])
				continue;
			free[d] = at + (int)c->longest;
			/* One in twenty is in a room of its own. */
			add_lesson(days[d], crowd,
				chance() < NEW_ROOM || (kind->absent && days[d] == 0) ? next_room++ : room,
				size, at * MINUTE + (days[d] == 0 ? kind->late : 0));
		}
	}
}

static int by_day_and_time(const void *a, const void *b)
{
	const struct lesson *x = a, *y = b;

	if (x->ago != y->ago)
		return x->ago < y->ago ? -1 : 1;
	return x->made < y->made ? -1 : x->made > y->made;
}

static void draw(void)
{
	static const int weeks[] = {0, 7, 14, 21}, days[] = {0, 1, 2};

	next_room = 1;
	for (int i = 0; i < kind->nodes; i++)
		weight[i] = i < kind->strong ? 2 : 1;
	for (int c = 0; c < CROWDS; c++)
		for (int i = 0; i < kind->rooms[c]; i++)
			add_room(c, kind->is_young ? days : weeks, kind->is_young ? 3 : HISTORY_MAX + 1);
	for (int i = 0; i < kind->exam; i++) {
		lessons[lesson_count++] = (struct lesson){.crowd = SCHOOL,
			.room = next_room++,
			.made = 600 * MINUTE - chance() * MINUTE,
			.from = 600 * MINUTE,
			.full = 602 * MINUTE,
			.end = 690 * MINUTE,
			.size = 30};
	}
	qsort(lessons, (size_t)lesson_count, sizeof(*lessons), by_day_and_time);
	while (today < lesson_count && lessons[today].ago == 0)
		today++;
}

static double people_at(const struct lesson *l, double t)
{
	if (t < l->from || t >= l->end)
		return 0;
	return t >= l->full ? l->size : floor(l->size * (t - l->from) / (l->full - l->from));
}

/* Weighed people of each node and minute, for an assignment; its peak. */
static double carried[NODES_MAX][SLOTS];
static void carry(const struct lesson *l, int node, double sign)
{
	int first = (int)((l->from - FIRST_S) / MINUTE), last = (int)((l->end - FIRST_S) / MINUTE);

	for (int s = first < 0 ? 0 : first; s <= last && s < SLOTS; s++)
		carried[node][s] += sign * people_at(l, FIRST_S + s * MINUTE) / weight[node];
}

static double peak_of(const int *node)
{
	double peak = 0;

	memset(carried, 0, sizeof(carried));
	for (int i = 0; i < today; i++)
		carry(&lessons[i], node[i], 1);
	for (int n = 0; n < kind->nodes; n++)
		for (int s = 0; s < SLOTS; s++)
			peak = fmax(peak, carried[n][s]);
	return peak;
}

/* Rules of others. What the last poll has counted of a node, and how many it has got since. */
struct seen {
	double people, meetings, scalelite, since;
};
static double least_meetings(const struct seen *s)
{
	return s->meetings + s->since;
}
static double b3lb(const struct seen *s)
{
	return s->people + 30 * (s->meetings + s->since);
}
/* A meeting that is younger than 15 minutes counts for 15 people at least, the others for those that are there. */
static double scalelite(const struct seen *s)
{
	return s->scalelite + s->since;
}
static const struct rule {
	const char *name;
	double (*load)(const struct seen *s);
	int poll; /* seconds; 0: the kind's */
} rules[] = {{"least meetings", least_meetings, 0}, {"B3LB", b3lb, 0}, {"Scalelite", scalelite, 60}};

static void look(struct seen *seen, const int *node, int count, double t)
{
	memset(seen, 0, sizeof(*seen) * NODES_MAX);
	for (int i = 0; i < count; i++) {
		const struct lesson *l = &lessons[i];
		struct seen *s = &seen[node[i]];
		double people = people_at(l, t);

		if (t >= l->end)
			continue;
		s->people += people;
		s->meetings++;
		s->scalelite += t - l->made < 900 ? fmax(15, people) : people;
	}
}

static void place_by(const struct rule *rule, int *node)
{
	struct seen seen[NODES_MAX] = {{0}};
	double poll = rule->poll ? rule->poll : kind->poll, next = FIRST_S;

	for (int i = 0; i < today; i++) {
		double best = INFINITY;
		int ties = 0;

		if (next <= lessons[i].made) {
			next += floor((lessons[i].made - next) / poll) * poll;
			look(seen, node, i, next);
			next += poll;
		}
		for (int n = 0; n < kind->nodes; n++) {
			double load = rule->load(&seen[n]) / weight[n];

			ties = load < best ? 1 : ties + (load == best);
			if (load < best || (load == best && chance() * ties < 1))
				node[i] = n;
			best = fmin(best, load);
		}
		seen[node[i]].since++;
	}
}

/* The search. What it lowers is the sum of the twelfth powers, which the peak makes up. */
static double bound;
static double twelfth(double x)
{
	double y = x / bound, z = y * y * y;

	z *= z;
	return z * z;
}

/* What it costs that a lesson is on a node where it is not, or what is gained when it leaves one where it is. */
static double cost_of(const struct lesson *l, int node, double sign)
{
	int first = (int)((l->from - FIRST_S) / MINUTE), last = (int)((l->end - FIRST_S) / MINUTE);
	double cost = 0;

	for (int s = first < 0 ? 0 : first; s <= last && s < SLOTS; s++) {
		double now = carried[node][s],
		       then = now + sign * people_at(l, FIRST_S + s * MINUTE) / weight[node];

		cost += twelfth(then) - twelfth(now);
	}
	return cost;
}

static void move(int *node, int i, int to)
{
	carry(&lessons[i], node[i], -1);
	carry(&lessons[i], to, 1);
	node[i] = to;
}

/* No rule can be under this: all people of a minute over all nodes. */
static double find_bound(void)
{
	double most = 0, weights = 0;

	for (int n = 0; n < kind->nodes; n++)
		weights += weight[n];
	for (int s = 0; s < SLOTS; s++) {
		double sum = 0;

		for (int i = 0; i < today; i++)
			sum += people_at(&lessons[i], FIRST_S + s * MINUTE);
		most = fmax(most, sum / weights);
	}
	return most;
}

/* A lesson moves, or two change places, while that makes the sum less. Returns the peak. */
static double search(int *node)
{
	long steps = 400L * today;

	bound = find_bound();
	peak_of(node);
	for (long k = 0; k < steps; k++) {
		int i = (int)(chance() * today), j = (int)(chance() * today), from = node[i];
		int to = k % 2 ? (int)(chance() * kind->nodes) : node[j];
		double change = 0;

		if (from == to)
			continue;
		change += cost_of(&lessons[i], from, -1);
		move(node, i, to);
		/* move has put it on the other already: what that cost is what it would gain to leave. */
		change -= cost_of(&lessons[i], to, -1);
		if (k % 2 == 0) {
			change += cost_of(&lessons[j], to, -1);
			move(node, j, from);
			change -= cost_of(&lessons[j], from, -1);
		}
		if (change >= 0) {
			move(node, i, from);
			if (k % 2 == 0)
				move(node, j, to);
		}
	}
	return peak_of(node);
}

static void print_lessons(void)
{
	for (int i = 0; i < lesson_count; i++) {
		const struct lesson *l = &lessons[i];

		printf("%d\t%d\t%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%d\n", i, l->ago, l->crowd, l->room, l->made,
			l->from, l->full, l->end, l->size);
	}
}

/* Standard input: RULE, a tab, a lesson, a tab, the number of its node from 1 on. Prints RULE, a tab, its peak over the best. */
static void print_figures(void)
{
	static int node[RULES_MAX][LESSONS_MAX], best[LESSONS_MAX];
	char names[RULES_MAX][64] = {""}, name[64];
	int count = sizeof(rules) / sizeof(*rules), lesson, on, start = 0;
	double peak[RULES_MAX], optimum;

	for (int r = 0; r < count; r++) {
		snprintf(names[r], sizeof(names[r]), "%s", rules[r].name);
		place_by(&rules[r], node[r]);
	}
	while (scanf(" %63[^\t]\t%d\t%d", name, &lesson, &on) == 3 && lesson >= 0 && lesson < today &&
		on >= 1 && on <= kind->nodes) {
		int r = 0;

		while (r < count && strcmp(names[r], name) != 0)
			r++;
		if (r == RULES_MAX)
			exit(1);
		if (r == count)
			snprintf(names[count++], sizeof(names[r]), "%s", name);
		node[r][lesson] = on - 1;
	}
	/* It begins where the best rule ends. */
	for (int r = 0; r < count; r++) {
		peak[r] = peak_of(node[r]);
		start = peak[r] < peak[start] ? r : start;
	}
	memcpy(best, node[start], sizeof(best));
	optimum = search(best);
	printf("bound\t%.3f\n", bound / optimum);
	for (int r = 0; r < count; r++)
		printf("%s\t%.3f\n", names[r], peak[r] / optimum);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (argc > 2 && strcmp(argv[2], kinds[i].name) == 0)
			kind = &kinds[i];
		if (strcmp(argv[1], "kinds") == 0)
			printf("%s %d %d %d\n", kinds[i].name, kinds[i].nodes, kinds[i].strong,
				kinds[i].poll);
	}
	if (argc == 2 && strcmp(argv[1], "kinds") == 0)
		return 0;
	if (argc != 4 || !kind) {
		fprintf(stderr, "usage: days kinds | days lessons|figures KIND SEED\n");
		return 2;
	}
	seed = strtoull(argv[3], NULL, 10) * 1000003 + (uint64_t)(kind - kinds);
	draw();
	if (strcmp(argv[1], "lessons") == 0)
		print_lessons();
	else
		print_figures();
	return 0;
}
