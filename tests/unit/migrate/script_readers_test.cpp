// Readers of a script: each is a set of its own, with what its chain sets, in the order of the calls.
#include <doctest/doctest.h>

#include "migrate/old_job.hpp"

using namespace oes;

namespace {

using texts = std::vector<std::string>;

std::string spelled(const python_literal& value) {
  if (value.is != python_literal::kind::list) return value.text;
  std::string out;
  for (const auto& item : value.items) out += (out.empty() ? "" : ",") + item.text;
  return out;
}

/// `name=value …` of each reader; F stands for the reader with its format.
texts sets_of(std::string text) {
  for (std::size_t at = 0; (at = text.find("F.", at)) != std::string::npos;) {
    text.replace(at, 1, "spark.readStream.format('openelectricity_stream')");
  }
  const auto found = find_option_sets(text);
  if (!found) return {found.error().context};
  texts out;
  for (const auto& one : *found) {
    std::string line;
    for (const auto& [name, value] : one.options) line += (line.empty() ? "" : " ") + name + "=" + spelled(value);
    for (const auto& why : one.unread) line += (line.empty() ? "! " : " ! ") + why;
    for (const auto& remark : one.remarks) line += " # " + remark;
    out.push_back(line);
  }
  return out;
}

bool holds(const texts& all, std::string_view words) {
  for (const auto& one : all) {
    if (one.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("of options with one name the last call holds, whoever handed them over") {
  CHECK(sets_of("d = {'network_code': 'WEM', 'metrics': 'energy'}\n"
                "df = F.option('network_code', 'NEM').options(**d).option('metrics', 'power').load()") ==
        texts{"network_code=WEM metrics=power"});
  CHECK(sets_of("def start(options):\n"
                "    return F.option('network_code', 'AU').options(**options).option('metrics', 'price').load()\n"
                "start({'network_code': 'WEM', 'metrics': 'energy'})") == texts{"network_code=WEM metrics=price"});
  CHECK(sets_of("common = {'metrics': 'power', 'interval': '1h'}\n"
                "a = F.options(**(common | {'network_code': 'WEM'})).load()\n"
                "b = F.options(**common, network_code='AU').load()\n"
                "c = F.options(**common).options(**{'interval': '5m'}).load()") ==
        texts{"metrics=power interval=1h network_code=WEM", "metrics=power interval=1h network_code=AU",
              "metrics=power interval=5m"});
}

TEST_CASE("each function that is handed its options keeps to its own calls") {
  CHECK(sets_of("def nem(options):\n"
                "    return F.options(**options).option('network_code', 'NEM').load()\n"
                "def wem(options):\n"
                "    return F.options(**options).option('network_code', 'WEM').load()\n"
                "nem({'metrics': 'power'})\n"
                "wem({'metrics': 'energy'})") ==
        texts{"metrics=power network_code=NEM", "metrics=energy network_code=WEM"});
  CHECK(sets_of("trigger = {'interval': '30 seconds'}\n"
                "def start(options):\n"
                "    return F.options(**options).load()\n"
                "start({'network_code': 'WEM'})") == texts{"network_code=WEM"});
  // Two functions that call what they are handed by the same name.
  CHECK(sets_of("def nem():\n"
                "    opts = {'network_code': 'NEM', 'metrics': 'power'}\n"
                "    return F.options(**opts).load()\n"
                "def wem():\n"
                "    opts = {'network_code': 'WEM', 'metrics': 'energy'}\n"
                "    return F.options(**opts).load()\n"
                "nem(); wem()") == texts{"network_code=NEM metrics=power", "network_code=WEM metrics=energy"});
}

TEST_CASE("arguments: by place, by name, as they are left out, and all that are left") {
  CHECK(sets_of(
            "def read(network='NEM', metrics=('power',), **more):\n"
            "    return F.option('network_code', network).option('metrics', ','.join(metrics)).options(**more).load()\n"
            "a = read()\n"
            "b = read('WEM', interval='1h')\n"
            "c = read(metrics=['power', 'energy'])") == texts{"network_code=NEM metrics=power",
                                                              "network_code=WEM metrics=power interval=1h",
                                                              "network_code=NEM metrics=power,energy"});
  CHECK(sets_of("common = {'metrics': 'power'}\n"
                "common['interval'] = '1h'\n"
                "def read(net):\n"
                "    o = dict(common)\n"
                "    o['network_code'] = net\n"
                "    return F.options(**o).load()\n"
                "read('NEM'); read('WEM')") ==
        texts{"metrics=power interval=1h network_code=NEM", "metrics=power interval=1h network_code=WEM"});
  CHECK(holds(sets_of("def read(net):\n"
                      "    return F.option('network_code', net).load()\n"
                      "read(sys.argv[1])"),
              "network_code=sys.argv[1]"));
  CHECK(holds(sets_of("def read(options):\n    return F.options(**options).load()\npool.map(read, jobs)"),
              "! **options: it is Python code (line 1), which is not run here"));
}

TEST_CASE("loops turn as often as what they walk through is written down") {
  const texts both{"network_code=NEM metrics=power", "network_code=WEM metrics=power"};
  CHECK(sets_of("for net in ['NEM', 'WEM']:\n"
                "    df = F.option('network_code', net).option('metrics', 'power').load()") == both);
  CHECK(sets_of("def read(net):\n"
                "    return F.option('network_code', net).option('metrics', 'power').load()\n"
                "dfs = [read(n) for n in ('NEM', 'WEM')]") == both);
  CHECK(sets_of("base = {'metrics': 'power'}\n"
                "jobs = [dict(network_code='NEM', **base), {'network_code': 'WEM', **base}]\n"
                "for job in jobs:\n"
                "    F.options(**job).load().writeStream.option('metrics', 'x').start()") == both);
  CHECK(sets_of("jobs = {'NEM': {'metrics': 'power'}, 'WEM': {'metrics': 'power'}}\n"
                "for net, options in jobs.items():\n"
                "    F.option('network_code', net).options(**options).load()") == both);
  CHECK(sets_of("opts = {'network_code': 'WEM', 'metrics': 'power'}\n"
                "r = F.option('interval', '1h')\n"
                "for k, v in opts.items():\n"
                "    r = r.option(k, v)\n"
                "df = r.load()") == texts{"interval=1h network_code=WEM metrics=power"});
  CHECK(holds(sets_of("for net in networks():\n    F.option('network_code', net).load()"), "network_code=net"));
}

TEST_CASE("readers that are made by a function, or have a name, are gone on with") {
  CHECK(sets_of("def reader(net):\n"
                "    return F.option('network_code', net)\n"
                "a = reader('NEM').option('metrics', 'power').load()\n"
                "b = reader('WEM')\n"
                "b.option('metrics', 'energy')\n"
                "c = b.load()") == texts{"network_code=NEM metrics=power", "network_code=WEM metrics=energy"});
  CHECK(sets_of("def source():\n"
                "    return spark.readStream.format('openelectricity_stream')\n"
                "def nem():\n"
                "    return source().option('network_code', 'NEM')\n"
                "a = nem().option('metrics', 'power').load()") == texts{"network_code=NEM metrics=power"});
  // A reader is one thing, by whatever name: what was set on it stays.
  CHECK(sets_of("base = F.option('metrics', 'power')\n"
                "nem = base.option('network_code', 'NEM').option('interval', '1h').load()\n"
                "wem = base.option('network_code', 'WEM').load()") ==
        texts{"metrics=power network_code=NEM interval=1h", "metrics=power network_code=WEM interval=1h"});
  CHECK(sets_of("r = F.option('network_code', 'NEM'); s = r.load()\n"
                "r = F.option('network_code', 'WEM'); t = r.load()") == texts{"network_code=NEM", "network_code=WEM"});
}

TEST_CASE("several readers in one expression are several") {
  CHECK(sets_of("df = (F.option('network_code', 'NEM').load()\n"
                "      .union(F.option('network_code', 'WEM').load()))") ==
        texts{"network_code=NEM", "network_code=WEM"});
  const std::string unloaded = " # Nothing in that file loads this reader: where nobody does, leave the stream out.";
  CHECK(sets_of("readers = {'nem': F.option('network_code', 'NEM'),\n"
                "           'wem': F.option('network_code', 'WEM')}\n") ==
        texts{"network_code=NEM" + unloaded, "network_code=WEM" + unloaded});
  const std::string decided = " # Whether this reader is made is decided in line ";
  const std::string leave = " of that file: where it is not, leave the stream out.";
  CHECK(sets_of("if prod:\n"
                "    df = F.option('network_code', 'NEM').load()\n"
                "else:\n"
                "    df = F.option('network_code', 'WEM').load()") ==
        texts{"network_code=NEM" + decided + "1" + leave, "network_code=WEM" + decided + "3" + leave});
  CHECK(sets_of("if __name__ == '__main__':\n"
                "    df = F.option('network_code', 'NEM').load()") == texts{"network_code=NEM"});
}

TEST_CASE("what cannot be followed is told, and nothing of it is lost") {
  CHECK(sets_of("r = F.option('network_code', 'NEM')\n"
                "if daily:\n"
                "    r = r.option('interval', '1d')\n"
                "df = r.load()") ==
        texts{"network_code=NEM ! line 2: what is set on the reader there is decided by code, which is not run here"});
  CHECK(holds(sets_of("if daily:\n    r = F.option('interval', '1d')\n"
                      "else:\n    r = F.option('interval', '1h')\nr.option('metrics', 'energy').load()"),
              "! line 5: which reader r is there is decided by code (line 1)"));
  CHECK(holds(sets_of("df = keyed(F.option('metrics', 'power')).option('interval', '1h').load()"),
              "! line 1: the reader is handed to keyed(…), which is not followed"));
  CHECK(holds(sets_of("readers = [F.option('network_code', 'NEM')]\n"
                      "readers[which].option('metrics', 'energy').load()"),
              "! line 2: .option(…): on which reader it is set cannot be told"));
  CHECK(holds(sets_of("r = F.option('network_code', 'NEM')\nconfigure(r)\nr.load()"),
              "! line 2: the reader is handed to configure(…), which is not followed"));
  CHECK(holds(sets_of("def read(source):\n"
                      "    return spark.readStream.format(source).option('network_code', 'WEM').load()\n"
                      "a = F.option('network_code', 'NEM').load()"),
              "! format(source): whose reader it is cannot be told"));
}

TEST_CASE("readers that nobody is seen to load, or that may be another, are told") {
  CHECK(holds(sets_of("df = keyed(spark.readStream.format('openelectricity_stream')).load()"),
              "! line 1: the reader is handed to keyed(…), which is not followed"));
  CHECK(holds(sets_of("class Job:\n"
                      "    def __init__(self):\n"
                      "        self.r = spark.readStream.format('openelectricity_stream')\n"
                      "    def go(self):\n"
                      "        self.r.option('network_code', 'NEM').load()"),
              "! line 5: .option(…): on which reader it is set cannot be told"));
  CHECK(holds(sets_of("r = F.option('network_code', 'NEM') if prod else F.option('network_code', 'WEM')\n"
                      "r.option('metrics', 'power').load()"),
              "! line 1: what is set on the reader there is decided by code"));
  CHECK(holds(sets_of("r = F.option('network_code', 'NEM')\n"
                      "def add():\n"
                      "    r.option('metrics', 'power')\n"
                      "at_midnight(add)\n"
                      "df = r.load()"),
              "! line 2: what is set on the reader there is decided by code"));
  CHECK(sets_of("r = F.option('network_code', 'NEM')\n"
                "def start():\n"
                "    return r.option('metrics', 'power').load()\n"
                "start()") == texts{"network_code=NEM metrics=power"});
}

TEST_CASE("lists and dicts that are changed elsewhere are not taken as they were written") {
  const std::string wem = "opts = {'network_code': 'NEM'}\n";
  const std::string read = "F.options(**opts).load()";
  CHECK(holds(sets_of("nets = ['NEM']\nadd(nets)\nfor n in nets:\n    F.option('network_code', n).load()"),
              "network_code=n"));
  CHECK(
      holds(sets_of("for n in ['NEM', 'WEM']:\n    if n == skipped: continue\n    F.option('network_code', n).load()"),
            "network_code=n"));
  const std::string why = ", which is not run here";
  CHECK(holds(sets_of(wem + "setup(opts)\n" + read), "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "jobs = {'a': opts}\nsetup(jobs)\n" + read), "! **opts: it is Python code (line 3)" + why));
  CHECK(holds(sets_of(wem + "def setup():\n    opts['network_code'] = 'WEM'\nat_midnight(setup)\n" + read),
              "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "if wem: opts['network_code'] = 'WEM'\n" + read),
              "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "size = opts.pop('interval')\n" + read), "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "with settings() as opts:\n    pass\n" + read),
              "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "from settings import *\n" + read), "! **opts: it is Python code (line 2)" + why));
  CHECK(holds(sets_of(wem + "from settings import opts\n" + read), "! **opts: opts is not assigned in this file"));
  CHECK(holds(sets_of("net = 'NEM'\nprint(net := 'WEM')\nF.option('network_code', net).load()"), "network_code=net"));
  CHECK(
      holds(sets_of("for n in ['NEM', 'WEM']:\n    F.option('network_code', n).load()\n    if n == 'NEM': sys.exit()"),
            "network_code=n"));
  // What is written there is followed, by whatever name, or function.
  const texts changed{"network_code=WEM"};
  CHECK(sets_of(wem + "def setup():\n    global opts\n    opts = {'network_code': 'WEM'}\nsetup()\n" + read) ==
        changed);
  CHECK(sets_of("def key(o):\n    o['network_code'] = 'WEM'\n" + wem + "key(opts)\n" + read) == changed);
  CHECK(sets_of(wem + "other = opts\nother['network_code'] = 'WEM'\n" + read) == changed);
  CHECK(sets_of(wem + "jobs = {'a': opts}\njobs['a']['network_code'] = 'WEM'\n" + read) == changed);
  CHECK(sets_of(wem + "change = lambda o: o.update(network_code='WEM')\nchange(opts)\n" + read) == changed);
  CHECK(sets_of("second = 'energy'\nF.option('metrics', 'power,' f'{second}').load()") ==
        texts{"metrics=power,energy"});
  CHECK(sets_of("spark.readStream.format('OpenElectricity_Stream').option('network_code', 'WEM').load()") == changed);
  // Where nothing comes of it, nothing is told.
  CHECK(sets_of("def start(o):\n"
                "    o['metrics'] = 'power'\n"
                "    return F.options(**o).load()\n" +
                wem +
                "def main():\n"
                "    start(opts)\n"
                "    start({'network_code': 'WEM'})\n"
                "main()") == texts{"network_code=NEM metrics=power", "network_code=WEM metrics=power"});
  CHECK(sets_of("jobs = [{'network_code': 'NEM'}, {'network_code': 'WEM'}]\n"
                "for j in jobs:\n"
                "    j['interval'] = '1h'\n"
                "    F.options(**j).load()") == texts{"network_code=NEM interval=1h", "network_code=WEM interval=1h"});
  CHECK(sets_of("for n in ['NEM', 'WEM']:\n"
                "    F.option('network_code', n).load()\n"
                "for n in queries:\n"
                "    n.stop()") == texts{"network_code=NEM", "network_code=WEM"});
}

TEST_CASE("keywords, comments between, texts with names in them") {
  CHECK(sets_of("df = spark.readStream.format(source='openelectricity_stream').option(value='WEM', key='network_code')"
                ".options(interval='1h').load()") == texts{"network_code=WEM interval=1h"});
  CHECK(sets_of("df = (\n"
                "    spark.readStream  # .option('network_code', 'AU')\n"
                "    .format('openelectricity_stream')\n"
                "    # .option('network_code', 'NEM')\n"
                "    .option('network_code', 'WEM')  # was: .load()\n"
                "\n"
                "    .option('metrics',  # why\n"
                "            'power')\n"
                "    .load()\n"
                ")") == texts{"network_code=WEM metrics=power"});
  CHECK(sets_of("net = 'WEM'\n"
                "df = F.option('network_code', f'{net}').option('progress_path', f'/tmp/{net}/{{p}}').load()") ==
        texts{"network_code=WEM progress_path=/tmp/WEM/{p}"});
  CHECK(holds(sets_of("df = F.option('network_code', f'{net!r}').load()"), "network_code=f'{net!r}'"));
  CHECK(holds(sets_of("with open('o.json') as f:\n    options = json.load(f)\ndf = F.options(**options).load()"),
              "! **options: it is Python code (line 2), which is not run here"));
}
