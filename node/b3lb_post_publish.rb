#!/usr/bin/ruby
# frozen_string_literal: true

# BigBlueButton runs this as "-m RECORD_ID -f FORMAT" once a format is published: the recording goes into b3lb-push's queue.
require 'optparse'

options = {}
OptionParser.new do |o|
  o.on('-m', '--meeting-id ID') { |v| options[:id] = v }
  o.on('-f', '--format FORMAT') { |v| options[:format] = v }
end.parse!
exit 0 unless options[:id]
exec('/usr/bin/b3lb-push', 'enqueue', options[:id])
