#!/usr/bin/env bash
# Cụm thi đua số 01, LĐLĐ tỉnh Tuyên Quang: kết quả năm 2023 so với chỉ tiêu (2.425/1.720 đạt 141%, 27/22 đạt 122,7%,
# 744/824 đạt 90%), tỷ lệ chỉ nêu bằng phần trăm, khen thưởng, cụm trưởng, cụm phó và chỉ tiêu năm 2024.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/tuyen-quang-cum-1-2023.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Tuyên Quang"
cum="Cụm thi đua số 01"
nguon="Bài về hội nghị tổng kết ngày 29/02/2024"

# Tỉnh, bảy đơn vị, và cụm của hai năm (năm 2024 đã bầu cụm trưởng, cụm phó)
ucli init --office "$tinh"
# Ghi một lượt: mọi dòng, hoặc không dòng nào
ucli batch --atomic <<HET
add-unit "LĐLĐ thành phố Tuyên Quang" --kind district --parent "$tinh" --code TPTQ
add-unit "LĐLĐ huyện Na Hang"         --kind district --parent "$tinh" --code NH
add-unit "LĐLĐ huyện Lâm Bình"        --kind district --parent "$tinh" --code LB
add-unit "LĐLĐ huyện Chiêm Hóa"       --kind district --parent "$tinh" --code CH
add-unit "LĐLĐ huyện Hàm Yên"         --kind district --parent "$tinh" --code HY
add-unit "LĐLĐ huyện Yên Sơn"         --kind district --parent "$tinh" --code YS
add-unit "LĐLĐ huyện Sơn Dương"       --kind district --parent "$tinh" --code SD
set-cluster "$cum" --year 2023 --units TPTQ,NH,LB,CH,HY,YS,SD
set-cluster "$cum" --year 2024 --units TPTQ,NH,LB,CH,HY,YS,SD --lead TPTQ --deputy NH

# Đại hội công đoàn các cấp
add-figure unions-congress-held 100%       --cluster "$cum" --period 2023 --source "$nguon"
add-figure congresses-upper 100%           --cluster "$cum" --period 2023 --source "$nguon"

# Hiến máu, Quỹ và nhà Mái ấm Công đoàn
add-figure blood-donations 1.951           --cluster "$cum" --period 2023 --source "$nguon"
add-figure shelter-fund-raised "1 tỷ đồng" --cluster "$cum" --period 2023 --source "$nguon" --stated-percent 96%
set-target shelter-houses 22               --cluster "$cum" --period 2023
add-figure shelter-houses 27               --cluster "$cum" --period 2023 --source "$nguon"

# Kết nạp đoàn viên: chỉ tiêu LĐLĐ tỉnh giao
set-target members-admitted 1.720          --cluster "$cum" --period 2023 --issuer "$tinh"
add-figure members-admitted 2.425          --cluster "$cum" --period 2023 --source "$nguon"

# Cán bộ
add-figure officers-trained 100%           --cluster "$cum" --period 2023 --source "$nguon"
add-figure leaders-breakthrough 100%       --cluster "$cum" --period 2023 --source "$nguon"

# Giới thiệu đoàn viên ưu tú cho Đảng
set-target party-introduced 824            --cluster "$cum" --period 2023
add-figure party-introduced 744            --cluster "$cum" --period 2023 --source "$nguon"

# Cờ thi đua: 3 đơn vị, mỗi đơn vị một lá cờ; cả cụm có 3
add-figure emulation-flags 1               --unit SD --period 2023 --source "$nguon"
add-figure emulation-flags 1               --unit HY --period 2023 --source "$nguon"
add-figure emulation-flags 1               --unit CH --period 2023 --source "$nguon"
add-figure emulation-flags 3               --cluster "$cum" --period 2023 --source "$nguon"

add-award SD "Cờ thi đua đơn vị xuất sắc dẫn đầu" --period 2023
add-award HY "Cờ thi đua đơn vị xuất sắc dẫn đầu" --period 2023
add-award CH "Cờ thi đua đơn vị xuất sắc dẫn đầu" --period 2023

# Chỉ tiêu năm 2024 của cụm
set-target democracy-regulation-state 100%             --cluster "$cum" --period 2024
set-target democracy-regulation-non-state "ít nhất 85%" --cluster "$cum" --period 2024
set-target staff-conference-share 100%                 --cluster "$cum" --period 2024
set-target agreement-coverage "85% trở lên"            --cluster "$cum" --period 2024
set-target shelter-fund-raised "từ 1 tỷ đồng trở lên"  --cluster "$cum" --period 2024
set-target housing-need-met 100%                       --cluster "$cum" --period 2024
set-target members-admitted "1.500 trở lên"            --cluster "$cum" --period 2024
set-target party-introduced-per-union "ít nhất 1"      --cluster "$cum" --period 2024
HET

# Năm 2023: cả bảng làm tròn đến phần trăm như bài báo; riêng nhà Mái ấm in một chữ số thập phân; rồi chỉ tiêu năm 2024
ucli report --cluster "$cum" --period 2023 --decimals 0
echo
ucli report --cluster "$cum" --period 2023 --decimals 1 --indicator shelter-houses
echo
ucli report --cluster "$cum" --period 2024 --as-of 29/2/2024 --decimals 0
echo
ucli clusters --year 2024
